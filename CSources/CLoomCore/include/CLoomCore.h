#include "loom_ring.h"
#include "loom_status.h"
