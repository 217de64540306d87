#include "daemon/net/http_message.h"

#include <boost/beast/core/string.hpp>

namespace paperd::daemon {

std::string_view field_value(const std::vector<HttpField>& fields, std::string_view name) {
    for (const HttpField& field : fields) {
        if (boost::beast::iequals(field.name, name)) {
            return field.value;
        }
    }
    return {};
}

}  // namespace paperd::daemon
