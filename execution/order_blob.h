// One order in a checkpoint, field by field (a struct's padding has no fixed bytes).
#pragma once

#include "execution/types/blob.h"
#include "execution/types/order.h"

namespace paperd::execution {

void put_order(BlobWriter& out, const Order& order);

// A value outside an enumeration fails the reader.
Order get_order(BlobReader& in);

}  // namespace paperd::execution
