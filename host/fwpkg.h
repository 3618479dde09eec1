// SPDX-License-Identifier: Apache-2.0
//
// The commands of fwpkg. Each is given the options set to its first word and returns the tool's status: 0, 1 for a
// failure, 2 for a command line that is wrong; the line about it has been written.
#pragma once
#include "host/options.h"

int fwpkg_create(struct options *o);
int fwpkg_show(struct options *o);
int fwpkg_image(struct options *o);
int fwpkg_flash(struct options *o);

extern const struct option_entry fwpkg_create_options[];
extern const struct option_entry fwpkg_show_options[];
extern const struct option_entry fwpkg_image_options[];
extern const struct option_entry fwpkg_flash_options[];
