#include "execution/types/result.h"

#include <stdexcept>

namespace paperd {

void throw_exception_from_error(const Error& error, const boost::source_location& /*where*/) {
    throw std::runtime_error(error.text);
}

}  // namespace paperd
