// SPDX-License-Identifier: Apache-2.0
//
// The clock and the links' rates that the simulated card was built with, and its time in nanoseconds.
#pragma once
#include <cstdint>
#include <numeric>

constexpr uint32_t kClkHz = SLUICE_CLK_HZ;
constexpr uint32_t kBaud = SLUICE_BAUD;
constexpr uint32_t kSmbusHz = SLUICE_SMBUS_HZ;
constexpr unsigned kBitCycles = (kClkHz + kBaud / 2) / kBaud;  // to nearest, as in sluice_soc

// A cycle is kNs / kCycles ns; the products stay below 2^64 for years of simulated time.
constexpr uint64_t kNs = 1000000000u / std::gcd(1000000000u, kClkHz), kCycles = kClkHz / std::gcd(1000000000u, kClkHz);

constexpr uint64_t cycles_to_ns(uint64_t cycles) {
    return cycles * kNs / kCycles;
}
// The first cycle that is not before ns.
constexpr uint64_t ns_to_cycles(uint64_t ns) {
    return (uint64_t)(((unsigned __int128)ns * kCycles + kNs - 1) / kNs);
}
