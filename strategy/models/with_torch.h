// Whether this build has LibTorch: makers that need it are only named where it does.
#pragma once

namespace paperd::strategy {

#ifdef PAPERD_WITH_TORCH
constexpr bool kWithTorch = true;
#else
constexpr bool kWithTorch = false;
#endif

}  // namespace paperd::strategy
