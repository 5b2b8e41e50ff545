#include "loom_block.h"
#include "loom_checksum.h"
#include "loom_ticks.h"
