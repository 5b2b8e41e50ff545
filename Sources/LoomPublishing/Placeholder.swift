// LoomPublishing
