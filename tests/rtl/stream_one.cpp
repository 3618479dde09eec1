// SPDX-License-Identifier: Apache-2.0
//
// The stream engine's bench with an engine that has one request outstanding; the build says so in STREAM_OUTSTANDING.
#include "tests/rtl/stream.cpp"
