// SPDX-License-Identifier: Apache-2.0
//
// The only file that differs between versions built from the same sources; the build defines APP_VERSION.
#include "fw/app/app.h"

const char app_version[] = APP_VERSION;
