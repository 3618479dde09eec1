// SPDX-License-Identifier: Apache-2.0
//
// A whole world for a system test: the Verilated card with its flash, the update agent at the other end of the serial
// line, at the packet port or on the SMBus, perhaps another endpoint, and the time they share. Everything is
// deterministic; nothing reads a clock.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "host/agent.h"
#include "host/component.h"
#include "host/mctp_serial.h"
#include "host/pkg.h"
#include "host/simulation_key.h"
#include "sim/card.h"
#include "sim/tap.h"
#include "tests/system/noise.h"

// The demonstration board's flash (fw/board/demo), firmware first.
enum {
    RIG_FLASH = 16 << 20,
    RIG_JOURNAL = 0x020000,
    RIG_FW_A = 0x100000,
    RIG_FW_B = 0x140000,
    RIG_FW_SIZE = 0x40000,
    RIG_FPGA_A = 0x200000,
    RIG_FPGA_B = 0x300000,
    RIG_FPGA_SIZE = 0x100000,
};

enum { RIG_FLOOD_EID = 0x55 };

#define RIG_FLOOD_NS 100000u

enum rig_link { RIG_SERIAL, RIG_PORT, RIG_SMBUS };

enum { RIG_LATE = 8 };

/** A request of the card that the agent has not looked at yet. */
struct rig_late {
    uint64_t due_ns;
    size_t len;
    uint8_t packet[MCTP_SERIAL_MAX_PACKET];
};

struct rig {
    const struct nor_part *part;
    uint8_t *flash;
    uint8_t *flash2;  ///< NULL, or the contents of a second chip of that part: from rig_add_flash
    struct card *card;
    struct agent *agent;
    struct agent_config config;
    struct tap tap;
    struct mctp_serial_rx rx;
    struct mctp_assembler assembler;
    uint8_t message[AGENT_MAX_MESSAGE];
    char console[8192];
    size_t console_len;
    unsigned flash_errors;     ///< misuse that the flash model reported
    uint64_t served;           ///< RequestFirmwareData answered by the agent
    uint64_t cut_after;        ///< the line is dead in both directions once so many were answered; 0: never
    bool dead;                 ///< the line is dead
    bool quiet;                ///< nothing is printed of what agent and flash have to say
    const uint32_t *boot_rom;  ///< as card_config.boot_rom, with boot_words, from the next power-on
    size_t boot_words;
    bool enough;          ///< inventory and update come back at once, AGENT_RUNNING; they begin with false
    uint64_t stop_ns;     ///< when, to the cycle, stop() is called, which may set the next such time; 0: never
    bool no_jump;         ///< as card_config.no_jump, from the next power-on
    bool maximum_timing;  ///< as card_config.maximum_timing, from the next power-on
    enum rig_link link;   ///< the agent's
    size_t mtu;           ///< of the agent's packets, MCTP_BASELINE_MTU at first
    /// During transfers of components another endpoint sends Get Endpoint ID: whenever the line to the card is free, or
    /// by another link, at most one each RIG_FLOOD_NS.
    bool flood;
    enum rig_link flood_link;
    uint8_t flood_eid;      ///< RIG_FLOOD_EID at first; on another link the agent's own EID will do
    uint64_t flood_due_ns;  ///< of the next one by another link than the line
    uint64_t line_free_ns;  ///< when the last byte sent to the card will be over
    uint64_t flood_requests, flood_answers;
    uint64_t astray;  ///< packets from the card that came by another link than what they answer, or to nobody
    /// From the end of a PLDM request of the card to the begin of the agent's answer; those that wait, the oldest
    /// first.
    uint64_t turnaround_ns;
    struct rig_late late[RIG_LATE];
    unsigned late_count;
    struct noise *noise;   ///< NULL, or what the agent's link does to its packets
    uint64_t abort_after;  ///< the agent gives up once it has answered so many RequestFirmwareData, then 0; 0: never
    /// As stop_ns says; @p ctx is the rig.
    void (*stop)(void *ctx);
    /// Sees each packet between agent and card; @return false: it is lost. NULL: none is. @p ctx is the rig.
    bool (*filter)(void *ctx, bool to_card, const uint8_t *packet, size_t len);
    /// Hears what the agent has to say; @p ctx is the rig.
    void (*event)(void *ctx, const struct agent_event *event);
    /// As card_config.wire, from the next power-on; @p ctx is the rig.
    void (*wire)(void *ctx, uint64_t cycle, bool to_card, uint8_t byte);
    /// As card_config.activity, from the next power-on; @p ctx is the rig.
    void (*activity)(void *ctx, uint64_t cycle, const struct card_activity *now);
    void *test;  ///< the test's own
};

/** A component to be made: from a file, or from @c random_size pseudo-random bytes of @c seed when @c path is NULL, of
 * which each @c changed_every-th block of 4 KiB is then another (0: none), and the @c changed_first first ones. */
struct rig_component {
    const char *path;
    uint32_t random_size, seed, changed_every, changed_first;
    const char *version;
    uint16_t identifier;  ///< 1 firmware, 2 FPGA bitstream
    uint32_t stamp;
    uint32_t told_stamp;  ///< that the package tells instead of it; 0: none
    uint32_t load_address;
    uint32_t security_version;
    enum simulation_key key;                    ///< that signs it; the demonstration board's root at first
    void (*forge)(uint8_t *image, size_t len);  ///< what is done to the signed image, or NULL
};

/** A card with blank flash, not powered. Ends the program when memory is short. */
struct rig *rig_new(const char *part);
void rig_free(struct rig *rig);
/** Puts a second, blank chip of the same part on a card that is not powered. */
void rig_add_flash(struct rig *rig);

/** Its component image; the caller frees it. */
uint8_t *rig_image(const struct rig_component *component, size_t *len);
/** The bytes of its payload; the caller frees them. */
uint8_t *rig_payload(const struct rig_component *component, size_t *len);

/** Factory state: each component in slot A, journal record 1. */
void rig_factory(struct rig *rig, const struct rig_component *components, unsigned count);

/** A package for the demonstration board (or for PCI device @p pci_device of its vendor); the caller frees it. */
uint8_t *rig_package(const struct rig_component *components, unsigned count, uint16_t pci_device, size_t *len);

/** The same with data for the device (FirmwareDevicePackageData). */
uint8_t *rig_package_with_data(const struct rig_component *components, unsigned count, uint16_t pci_device,
                               const uint8_t *data, uint16_t data_len, size_t *len);

void rig_power_on(struct rig *rig);
void rig_power_off(struct rig *rig);

/** Gives the rig an agent that has not begun, at the place of the one before. Ends the program when memory is short. */
void rig_fresh_agent(struct rig *rig);
/** One step of the world with its agent, at most to @p limit_ns. */
void rig_step(struct rig *rig, uint64_t limit_ns);
/** A packet that the filter does not see, to the card or to the agent. */
void rig_inject(struct rig *rig, bool to_card, const uint8_t *packet, size_t len);

/** Lets simulated time pass with nobody at the other end. */
void rig_wait(struct rig *rig, uint64_t ns);
/** Waits until the console shows @p text, at most @p ns. */
bool rig_wait_console(struct rig *rig, const char *text, uint64_t ns);

/** Runs the agent to its end, at most @p limit_ns of simulated time; then it is aborted. */
enum agent_result rig_inventory(struct rig *rig, uint64_t limit_ns);
/** Sets the operator's policy, signed by @p key, and reads what is in force. */
enum agent_result rig_policy(struct rig *rig, const struct policy *policy, enum simulation_key key, uint64_t limit_ns);
enum agent_result rig_update(struct rig *rig, const uint8_t *package, size_t len, uint64_t limit_ns);

/** Active version of component @p i in the agent's inventory, as text. */
const char *rig_active(const struct rig *rig, unsigned i);
const char *rig_pending(const struct rig *rig, unsigned i);
