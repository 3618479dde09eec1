// SPDX-License-Identifier: Apache-2.0
//
// What the modules of the stream engine share: the job, who is who on the stream RAM, and where the
// words of an order are (from the register description, rtl/regs/sluice.rdl).
package stream_pkg;
  import sluice_pkg::*;
  import order_map_pkg::*;

  // Clients of the stream RAM in the order of their need: the SPI clock would pause for a word, of which
  // there is one in 16 cycles at most; a byte from the link can wait for that one cycle, and may come in
  // every cycle of a packet otherwise; the checker and the order words can wait for both.
  localparam int unsigned StreamRamClients = 4;
  localparam int unsigned RamFlash = 0;
  localparam int unsigned RamMatcher = 1;
  localparam int unsigned RamChecker = 2;
  localparam int unsigned RamOrders = 3;

  localparam int unsigned BlockW = 7;  // RAM blocks, and blocks of an order
  localparam int unsigned GroupW = 6;  // 64-byte groups of a block

  typedef enum logic [1:0] {
    SourceLink  = 2'd0,
    SourceFlash = 2'd1,
    SourceRam   = 2'd2,
    SourceNone  = 2'd3
  } source_e;

  typedef enum logic [1:0] {
    EraseNone,
    Erase4,
    Erase32,
    Erase64
  } erase_e;

  // One block on its way. What takes more bits (addresses) is read from the order when it is needed:
  // an order stays as it is until it is done.
  typedef struct packed {
    logic              finish;     // no block: all blocks of the order were handed out before
    logic              slot;       // the order
    logic [BlockW-1:0] index;      // the block in its order
    logic [BlockW-1:0] block;      // the RAM block that holds it
    logic [GroupW-1:0] groups_m1;
    logic              link;       // may be fetched once more when its hash is wrong
    logic              check;
    logic              compare;
    logic              digest;
    logic              more;       // of the digest's message is in the job behind
    logic              chain;
    logic              tree;
    logic              sink;
    erase_e            erase;
  } job_t;

  // Who failed: where in the job queue the block at fault is, at one of its ends or at the place of
  // a request.
  typedef enum logic [2:0] {
    FaultNone,
    FaultBegun,
    FaultRequest,
    FaultChecked,
    FaultFreed
  } fault_e;

  // Bits that number the RequestFirmwareData that may be under way.
  function automatic int unsigned request_w(int unsigned outstanding);
    return outstanding > 1 ? $clog2(outstanding) : 1;
  endfunction

  // Whether one of them may ask for two blocks: not where it would wait too long for two free buffers.
  function automatic bit wide_requests(int unsigned outstanding, int unsigned buffers);
    return outstanding > 1 && buffers >= 8;
  endfunction

  localparam int unsigned OrderWordW = 4;

  // RAM address of a word of an order.
  function automatic logic [RamAw-1:0] order_addr(logic slot, logic [OrderWordW-1:0] word);
    return RamAw'({slot, word});
  endfunction
endpackage
