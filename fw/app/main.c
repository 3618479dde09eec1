// SPDX-License-Identifier: Apache-2.0
//
// The application: one loop around the blocking EVENT register. It wakes for packets, for completed orders (one order
// is up to 512 KiB of image) and for timers, never for a byte, a chunk or a page.
#include "fw/app/app.h"
#include "fw/boot/handover.h"
#include "fw/hal/sluice.h"

#define WATCHDOG_MS 20000u  // several times DEVICE_TICK_MS and more than the longest flash operation

static struct device device;

static void banner(uint32_t handover) {
    static const char *const causes[4] = {"power-on", "restart", "watchdog", "?"};
    static const char *const slots[4] = {"slot A", "slot B", "golden image", "?"};
    hal_puts(board_identity.name);
    hal_puts(" firmware ");
    hal_puts(app_version);
    hal_puts(", ");
    hal_puts(slots[handover_slot(handover)]);
    hal_puts(", after ");
    hal_puts(causes[hal_reset_cause() & 3u]);
    if (handover_trial(handover)) {
        hal_puts(", on trial, start ");
        hal_put_hex(handover_attempts(handover), 1);
        hal_puts(" of ");
        hal_put_hex(board_trial_starts, 1);
    }
    hal_puts("\n");
}

/* @return milliseconds until there is something to do without an event */
static uint32_t timers(void) {
    uint32_t due = device_tick(&device, hal_now_ms());
    if (card_restart_due()) {
        if (hal_send_idle()) hal_restart();
        due = 1;
    }
    return due != 0 ? due : 1;
}

int main(uint32_t handover) {
    hal_watchdog(WATCHDOG_MS);
    hal_board_out((uint32_t)app_version[0] & 0xFu);  // the LEDs tell the major version
    banner(handover);
    card_init(&device, handover);
    endpoint_init(&device);
    hal_puts("ready\n");
    device_started(&device, hal_now_ms());
    for (bool timed = false;;) {
        if (!timed) hal_timer(timers());
        uint32_t events = hal_wait();
        hal_watchdog(WATCHDOG_MS);
        timed = events == HAL_EVENT_ORDER;
        if ((events & HAL_EVENT_ORDER) != 0) timed = card_engine() && timed;
        if ((events & HAL_EVENT_RX) != 0) endpoint_receive();
    }
}
