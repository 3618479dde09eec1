// SPDX-License-Identifier: Apache-2.0
//
// fw/app/main.c for the application whose orders are run by the processor.
#include "fw/app/app.h"
#include "fw/hal/sluice.h"
#include "tests/bench/software/engine.h"

#define WATCHDOG_MS 20000u

static struct device device;

int main(uint32_t handover) {
    hal_watchdog(WATCHDOG_MS);
    software_init(&device.fd);
    card_init(&device, handover);
    endpoint_init(&device);
    hal_puts("ready, engine off\n");
    device_started(&device, hal_now_ms());
    for (;;) {
        const uint32_t due = device_tick(&device, hal_now_ms());
        if (card_restart_due() && hal_send_idle()) hal_restart();
        if (software_run()) {
            (void)card_engine();
            continue;
        }
        hal_timer(due != 0 && !card_restart_due() ? due : 1);
        const uint32_t events = hal_wait();
        hal_watchdog(WATCHDOG_MS);
        if ((events & HAL_EVENT_RX) != 0) endpoint_receive();
    }
}
