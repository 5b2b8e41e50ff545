#include "loom_block.h"
#include "loom_checksum.h"
