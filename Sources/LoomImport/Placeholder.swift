// LoomImport
