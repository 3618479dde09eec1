// SPDX-License-Identifier: Apache-2.0
//
// An application whose start never comes to an end: it waits for an event that nobody handles. Linked in place of
// card_init() (--wrap).
#include "fw/app/app.h"
#include "fw/hal/sluice.h"

void __wrap_card_init(struct device *device, uint32_t handover);
void __wrap_card_init(struct device *device, uint32_t handover) {
    (void)device;
    (void)handover;
    hal_puts("hangs\n");
    for (;;) (void)hal_wait();
}
