"""What calibre's own drivers list on a volume: `calibre-debug calibre_books.py DRIVER ROOT` prints titles and authors."""

import json
import sys
from importlib import import_module

DRIVERS = {
    "nook": ("calibre.devices.nook.driver", "NOOK_COLOR"),
    "tolino-old": ("calibre.devices.eb600.driver", "TOLINO"),
    "pocketbook": ("calibre.devices.eb600.driver", "POCKETBOOK622"),
    "generic": ("calibre.devices.folder_device.driver", "FOLDER_DEVICE"),
}

name, root = sys.argv[-2], f"{sys.argv[-1]}/"
module, driver = DRIVERS[name]
device = getattr(import_module(module), driver)(root)
if name != "generic":
    device.initialize()
device._main_prefix = root
device._card_a_prefix = device._card_b_prefix = None
device.report_progress = lambda *_: None
books = [{"title": book.title, "authors": book.authors} for book in device.books()]
sys.stdout.write("BOOKS " + json.dumps(books) + "\n")
