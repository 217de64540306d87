// Makers of keys, one a type. Each takes the key's words and a `get` that finds the setting in a
// Config (the same for reading and writing), and ties them to the readers of values.h.
#pragma once

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "config/key.h"
#include "config/values.h"

namespace paperd::config::key_types {

inline constexpr const char* kOff = "off";

template <class Get>
using Setting = std::remove_reference_t<std::invoke_result_t<Get, Config&>>;

inline Written one(std::string text) { return {.items = {std::move(text)}}; }

// A double.
template <class Get>
Key number(const Field& field, Range range, const std::string& about, Get get) {
    return {.path = field.path,
            .unit = field.unit,
            .allowed = range.text(),
            .about = about,
            .read =
                [=](const Entry& entry, Config& config, Problems& problems) {
                    if (const auto value = read_number(entry, field, range, problems)) {
                        get(config) = *value;
                    }
                },
            .write = [=](const Config& config) { return one(number_text(get(config))); }};
}

// A double that is 0 when the word stands there.
template <class Get>
Key number_or_word(const Field& field, Range range, const std::string& word,
                   const std::string& about, Get get) {
    return {.path = field.path,
            .unit = field.unit,
            .allowed = fmt::format("{}, or {}", range.text(), word),
            .about = about,
            .read =
                [=](const Entry& entry, Config& config, Problems& problems) {
                    if (is_word(entry.value, word)) {
                        get(config) = 0;
                    } else if (const auto value = read_number(entry, field, range, problems)) {
                        get(config) = *value;
                    }
                },
            .write =
                [=](const Config& config) {
                    return one(get(config) == 0 ? word : number_text(get(config)));
                }};
}

// A std::optional; `off` empties it. read(entry, problems) gives a value where one stands there,
// text(value) writes it.
template <class Get, class Read, class Text>
Key optional_value(const Field& field, Range range, const std::string& about, Get get,
                   const Read& read, const Text& text) {
    return {.path = field.path,
            .unit = field.unit,
            .allowed = range.text() + ", or off",
            .about = about,
            .read =
                [=](const Entry& entry, Config& config, Problems& problems) {
                    if (is_word(entry.value, kOff)) {
                        get(config).reset();
                    } else if (const auto value = read(entry, problems)) {
                        using Value = typename Setting<Get>::value_type;
                        get(config) = static_cast<Value>(*value);
                    }
                },
            .write =
                [=](const Config& config) { return one(get(config) ? text(*get(config)) : kOff); }};
}

// A std::optional<double>.
template <class Get>
Key optional_number(const Field& field, Range range, const std::string& about, Get get) {
    return optional_value(
        field, range, about, get,
        [=](const Entry& entry, Problems& problems) {
            return read_number(entry, field, range, problems);
        },
        [](double value) { return number_text(value); });
}

// Any integer type; the range must fit it.
template <class Get>
Key integer(const Field& field, Range range, const std::string& about, Get get) {
    return {.path = field.path,
            .unit = field.unit,
            .allowed = range.text(),
            .about = about,
            .read =
                [=](const Entry& entry, Config& config, Problems& problems) {
                    if (const auto value = read_integer(entry, field, range, problems)) {
                        get(config) = static_cast<Setting<Get>>(*value);
                    }
                },
            .write = [=](const Config& config) { return one(fmt::format("{}", get(config))); }};
}

// A std::optional<int>.
template <class Get>
Key optional_integer(const Field& field, Range range, const std::string& about, Get get) {
    return optional_value(
        field, range, about, get,
        [=](const Entry& entry, Problems& problems) {
            return read_integer(entry, field, range, problems);
        },
        [](int value) { return fmt::format("{}", value); });
}

// Money or Quantity, read digit by digit.
template <class Get>
Key scaled(const Field& field, Range range, const std::string& about, Get get) {
    return {.path = field.path,
            .unit = field.unit,
            .allowed = range.text(),
            .about = about,
            .read =
                [=](const Entry& entry, Config& config, Problems& problems) {
                    if (const auto raw = read_scaled(entry, field, range, problems)) {
                        get(config) = Setting<Get>::from_raw(*raw);
                    }
                },
            .write = [=](const Config& config) { return one(get(config).text()); }};
}

template <class Get>
Key boolean(const std::string& path, const std::string& about, Get get) {
    const Field field{path, "true | false"};
    return {.path = field.path,
            .unit = field.unit,
            .allowed = {},
            .about = about,
            .read =
                [=](const Entry& entry, Config& config, Problems& problems) {
                    if (const auto value = read_boolean(entry, field, problems)) {
                        get(config) = *value;
                    }
                },
            .write = [=](const Config& config) { return one(get(config) ? "true" : "false"); }};
}

// An enum counting from 0 in the order of the names, or a std::string that is one of them.
template <class Get>
Key choice(const std::string& path, std::vector<std::string> names, const std::string& about,
           Get get) {
    constexpr bool kIsText = std::is_same_v<Setting<Get>, std::string>;
    const Field field{path, fmt::format("{}", fmt::join(names, " | "))};
    return {.path = field.path,
            .unit = field.unit,
            .allowed = {},
            .about = about,
            .read =
                [=](const Entry& entry, Config& config, Problems& problems) {
                    const auto chosen = read_choice(entry, field, names, problems);
                    if (!chosen) {
                        return;
                    }
                    if constexpr (kIsText) {
                        get(config) = names[*chosen];
                    } else {
                        get(config) = static_cast<Setting<Get>>(*chosen);
                    }
                },
            .write =
                [=](const Config& config) {
                    if constexpr (kIsText) {
                        return one(get(config));
                    } else {
                        return one(names[static_cast<std::size_t>(get(config))]);
                    }
                }};
}

template <class Get>
Key text(const Field& field, const std::string& about, Get get) {
    return {.path = field.path,
            .unit = field.unit,
            .allowed = {},
            .about = about,
            .read =
                [=](const Entry& entry, Config& config, Problems& problems) {
                    if (auto value = read_text(entry, field, problems)) {
                        get(config) = std::move(*value);
                    }
                },
            .write = [=](const Config& config) { return one(yaml_text(get(config))); }};
}

// The folder of the YAML file with its '/', empty for the current one.
inline std::string folder_of(const Config& config) {
    return config.path.substr(0, config.path.rfind('/') + 1);  // npos + 1 is 0
}

// A path of the file as it is to be opened, and back.
inline std::string path_to_open(const Config& config, const std::string& path) {
    const bool relative = !path.empty() && path.front() != '/';
    return relative ? folder_of(config) + path : path;
}

inline std::string path_to_write(const Config& config, const std::string& path) {
    const std::string folder = folder_of(config);
    const bool below = path.size() > folder.size() && path.starts_with(folder);
    return below ? path.substr(folder.size()) : path;
}

// A file to read: relative to the YAML's folder in the file, ready to open in the Config. Written
// back relative to that folder where it lies below it, so that a run's text does not depend on
// where the program was started.
template <class Get>
Key input_path(const Field& field, const std::string& about, Get get) {
    Key key = text(field, about, get);
    key.read = [=](const Entry& entry, Config& config, Problems& problems) {
        if (auto value = read_text(entry, field, problems)) {
            get(config) = path_to_open(config, *value);
        }
    };
    key.write = [=](const Config& config) {
        return one(yaml_text(path_to_write(config, get(config))));
    };
    return key;
}

// A Day.
template <class Get>
Key day(const Field& field, const std::string& about, Get get) {
    return {.path = field.path,
            .unit = field.unit,
            .allowed = "a day, as 2019-12-23",
            .about = about,
            .read =
                [=](const Entry& entry, Config& config, Problems& problems) {
                    if (const auto value = read_day(entry, field, problems)) {
                        get(config) = *value;
                    }
                },
            .write = [=](const Config& config) { return one(day_text(get(config))); }};
}

// A day as text; `off` empties it.
template <class Get>
Key optional_day(const Field& field, const std::string& about, Get get) {
    return {
        .path = field.path,
        .unit = field.unit,
        .allowed = "a day, as 2019-12-23, or off",
        .about = about,
        .read =
            [=](const Entry& entry, Config& config, Problems& problems) {
                if (is_word(entry.value, kOff)) {
                    get(config).clear();
                } else if (const auto value = read_day(entry, field, problems)) {
                    get(config) = day_text(*value);
                }
            },
        .write =
            [=](const Config& config) { return one(get(config).empty() ? kOff : get(config)); }};
}

// A list of names; `what` and `also` as read_names() takes them.
template <class Get>
Key names(const Field& field, const std::string& what, const std::string& also,
          std::size_t count_max, const std::string& about, Get get) {
    return {.path = field.path,
            .unit = field.unit,
            .allowed = {},
            .about = about,
            .read =
                [=](const Entry& entry, Config& config, Problems& problems) {
                    if (auto value = read_names(entry, field, what, also, count_max, problems)) {
                        get(config) = std::move(*value);
                    }
                },
            .write =
                [=](const Config& config) {
                    Written written{.items = {}, .list = true};
                    for (const std::string& name : get(config)) {
                        written.items.push_back(yaml_text(name));
                    }
                    return written;
                }};
}

}  // namespace paperd::config::key_types
