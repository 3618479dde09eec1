// SPDX-License-Identifier: Apache-2.0
//
// Types that cross folder borders. The handshake rule that all of them obey is in rtl/README.md.
package sluice_pkg;
  import sluice_regs_pkg::*;

  // ---- packets: one byte a beat, MCTP header first --------------------------------------------------------------
  // `last` marks a packet's final byte; `err` is meaningful with `last` only and says that the whole packet must be
  // dropped (bad frame check, cut short). Every packet ends with a `last`.
  typedef struct packed {
    logic       err;
    logic       last;
    logic [7:0] data;
  } pkt_byte_t;

  // MCTP tags (TO = 1) 0..3 belong to the stream engine's requests, 4..7 to the processor's: the router needs nothing
  // else to tell an awaited RequestFirmwareData answer from everything else.
  localparam int unsigned StreamTags = 4;

  // Links by their number, whichever of them a build has. Link numbers have LinkW bits; 3 is none.
  localparam int unsigned LinkSerial = 0;
  localparam int unsigned LinkPacketPort = 1;
  localparam int unsigned LinkSmbus = 2;
  localparam int unsigned NumLinks = LinkSmbus + 1;
  localparam int unsigned LinkW = 2;

  // ---- packet port: a word under the handshake rule, its lowest byte first ----------------------------------------
  // All four bytes are there, but for a packet's last word, which has one to four of them. `err` is meaningful with
  // `last` only: the whole packet must be dropped.
  typedef struct packed {
    logic        err;
    logic        last;
    logic [3:0]  keep;
    logic [31:0] data;
  } port_word_t;

  // ---- stream RAM: 32-bit words, single port, shared through stream_ram_arbiter --------------------------------------
  // A request is taken in the cycle in which the arbiter raises `gnt`; read data is valid in the cycle after that.
  localparam int unsigned RamAw = 17;  // word address wide enough for 512 KiB
  typedef struct packed {
    logic             req;
    logic             we;
    logic [3:0]       be;
    logic [RamAw-1:0] addr;
    logic [31:0]      wdata;
  } ram_req_t;

  // ---- SPI NOR transactions ----------------------------------------------------------------------------------------
  typedef enum logic [1:0] {
    SpiNone,   // opcode (and address) only
    SpiRead,   // `len` bytes come back as little-endian words
    SpiWrite,  // `len` bytes go out from little-endian words
    SpiPoll    // read status bytes until bit 0 (WIP) is clear, or until `poll_stop`
  } spi_dir_e;

  typedef struct packed {
    logic [7:0]  opcode;
    logic        addr_en;
    logic        addr4;      // address has four bytes
    logic [31:0] addr;
    logic [3:0]  dummy;      // dummy bytes after the address
    spi_dir_e    dir;
    logic        quad_addr;  // address and dummy bytes on four lines
    logic        quad;       // data on four lines
    logic [12:0] len;        // data bytes, 1..4096
  } spi_cmd_t;

  // Chips on one bus: the engine's address says which one in its upper bits, so chip n begins at n GiB. With
  // a single chip all bits are the address.
  localparam int unsigned FlashChipW = 2;

  typedef stop_reason_e_e stop_reason_t;
endpackage
