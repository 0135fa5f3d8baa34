#include <call.cuh>
