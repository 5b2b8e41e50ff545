#include "loom_board.h"
#include "loom_correlation.h"
#include "loom_ring.h"
#include "loom_status.h"
