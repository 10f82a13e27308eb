"""The site, for those outside this room: a server asks for one address after the other, a static host gets one folder.

No part of an address ever becomes a path on the disk: each is looked up among those that there are. All links of the pages
are relative, so that the site may stand below any prefix. What is under "assets-…/" never changes and may be cached for
ever; the pages are made anew when a book is. Every page wants `SITE_POLICY` as its Content-Security-Policy, and says it
itself where no server does. Sound needs a server that knows Range, or no seeking reaches what is not loaded yet.
"""

from packager.delivery.web.addresses import SiteFile, checked, site_file, site_paths
from packager.delivery.web.folder import write_site
from packager.delivery.web.markup import SITE_POLICY

__all__ = ["SITE_POLICY", "SiteFile", "checked", "site_file", "site_paths", "write_site"]
