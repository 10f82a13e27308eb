"""By mail: books as attachments, to a Kindle's or PocketBook's own address or to anybody's mailbox."""
