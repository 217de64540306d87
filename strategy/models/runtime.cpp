// LibTorch's and BLAS's pools, and what they are.
#include <array>
#include <cstdlib>
#include <string>
#include <string_view>

#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <dlfcn.h>
#include <fmt/format.h>
#include <gnu/libc-version.h>
#include <torch/version.h>

#include "strategy/models/model.h"
#include "strategy/models/torch_tools.h"

namespace paperd::strategy {
namespace {

// A function of a library that happens to be loaded, or nullptr.
template <class Function>
Function* loaded(const char* name) {
    return reinterpret_cast<Function*>(dlsym(RTLD_DEFAULT, name));
}

// "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH ... SkylakeX MAX_THREADS=64" -> "0.3.21".
std::string openblas_version() {
    auto* const config = loaded<char*()>("openblas_get_config");
    if (config == nullptr) {
        return "of unknown version";
    }
    std::string_view text = config();
    constexpr std::string_view kName = "OpenBLAS ";
    if (text.starts_with(kName)) {
        text.remove_prefix(kName.size());
    }
    return std::string(text.substr(0, text.find(' ')));
}

// The file that provides BLAS's matrix product, without folders.
std::string blas_library() {
    Dl_info info{};
    void* const sgemm = dlsym(RTLD_DEFAULT, "sgemm_");
    if (sgemm == nullptr || dladdr(sgemm, &info) == 0 || info.dli_fname == nullptr) {
        return "of unknown origin";
    }
    const std::string_view path = info.dli_fname;
    return std::string(path.substr(path.rfind('/') + 1));
}

std::string blas_text() {
    if (auto* const core = loaded<char*()>("openblas_get_corename"); core != nullptr) {
        return fmt::format("openblas {} ({})", openblas_version(), core());
    }
    return fmt::format("reference BLAS (slow): {}", blas_library());
}

// LibTorch's own word for the instructions its kernels use, out of its build report.
std::string cpu_capability() {
    const std::string report = at::show_config();
    constexpr std::string_view kKey = "CPU capability usage: ";
    const auto at = report.find(kKey);
    if (at == std::string::npos) {
        return "unknown";
    }
    const auto begin = at + kKey.size();
    return report.substr(begin, report.find_first_of(" \n", begin) - begin);
}

}  // namespace

void pin_inference_threads() {
    // The pool between operators can be sized only once a process.
    if (at::get_num_interop_threads() != 1) {
        at::set_num_interop_threads(1);
    }
    at::set_num_threads(1);
    if (auto* const set = loaded<void(int)>("openblas_set_num_threads"); set != nullptr) {
        set(1);
    }
}

std::string inference_fingerprint() {
    pin_inference_threads();
    // The C library's exp is part of it: attention over a hybrid's past uses it.
    return fmt::format("libtorch {}; {}; cpu {}; threads {}; glibc {}", TORCH_VERSION, blas_text(),
                       cpu_capability(), at::get_num_threads(), gnu_get_libc_version());
}

}  // namespace paperd::strategy
