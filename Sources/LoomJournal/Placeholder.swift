// LoomJournal
