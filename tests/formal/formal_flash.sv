// SPDX-License-Identifier: Apache-2.0
//
// What stream_flash promises of each command that changes the flash: it is for the job at the freed end,
// follows a write enable, is followed by the wait for the chip, and lies inside the order's window.
module formal_flash
  import sluice_pkg::*;
  import stream_pkg::*;
  import order_map_pkg::*;
(
    input logic                      clk_i,
    input logic                      rst_ni,
    input logic                      job_valid_i,
    input job_t                      job_i,
    input logic                      freed_o,
    input logic                      idle_o,
    input logic                      stop_i,
    input logic                      read_want_i,
    input logic                      word_ack_i,
    input logic                      word_req_o,
    input logic                      word_slot_o,
    input logic     [OrderWordW-1:0] word_o,
    input logic     [          31:0] ram_rdata_i,
    input logic     [           7:0] read_opcode_i,
    input logic     [           3:0] read_dummy_i,
    input logic                      address4_i,
    input logic                      read_quad_i,
    input logic                      program_quad_i,
    input logic                      quad_addr_i,
    input logic     [           7:0] program_opcode_i,
    input logic     [           7:0] erase4_opcode_i,
    input logic     [           7:0] erase32_opcode_i,
    input logic     [           7:0] erase64_opcode_i,
    input spi_cmd_t                  cmd_o,
    input logic                      cmd_valid_o,
    input logic                      cmd_ready_i,
    input logic                      done_i,
    input logic                      lock_o,
    input logic                      writing,           // at work on a job, or for the producer
    input logic                      fetching_q,
    input logic                      issued_q,
    input logic                      enable,            // states
    input logic                      operate,
    input logic                      poll,
    input logic                      read,
    input logic     [           3:0] page_q,
    input logic                      erasing_q,
    input logic     [          31:8] address_q
);

  logic started_q = 1'b0;
  always_ff @(posedge clk_i) started_q <= 1'b1;
  always_comb assume (started_q || !rst_ni);

  // ---- what is around it ---------------------------------------------------------------------------------
  // Registers that the processor leaves alone while orders run.
  AConfigurationStays :
  assume property (@(posedge clk_i) disable iff (!rst_ni) 1'b1 |=> $stable(
      {
        read_opcode_i,
        read_dummy_i,
        address4_i,
        read_quad_i,
        program_quad_i,
        quad_addr_i,
        program_opcode_i,
        erase4_opcode_i,
        erase32_opcode_i,
        erase64_opcode_i
      }
  ));
  // Proved of the engine in writes.sv.
  AJobStays :
  assume property (@(posedge clk_i) disable iff (!rst_ni)
    !fetching_q && (writing || (idle_o && job_valid_i && !stop_i)) |=> $stable(
      job_i
  ));
  AJobIsValid :
  assume property (@(posedge clk_i) disable iff (!rst_ni)
    writing && !fetching_q |-> job_valid_i && job_i.sink && !job_i.finish);
  AStopStays :
  assume property (@(posedge clk_i) disable iff (!rst_ni) stop_i && !idle_o |=> stop_i);
  // The order, which the processor leaves alone until it is done. Only one order at a time has the job.
  logic [31:0] base;  // its FLASH_ADDRESS, any
  always_ff @(posedge clk_i) base <= base;
  AOrderStays :
  assume property (@(posedge clk_i) disable iff (!rst_ni)
    word_ack_i && !fetching_q && word_o == OrderWordW'(FlashAddressWord) |-> ram_rdata_i == base);
  // stream_order_words answers a request only.
  AAckIsAsked :
  assume property (@(posedge clk_i) disable iff (!rst_ni) word_ack_i |-> word_req_o);
  ADoneIsAsked :
  assume property (@(posedge clk_i) disable iff (!rst_ni) done_i |-> issued_q);

  // ---- where the command may reach -----------------------------------------------------------------------
  // In pages of 256 bytes, one bit more than addresses have: nothing wraps.
  logic changes, program_page;
  logic [24:0] first, page, window, block;
  assign changes      = cmd_valid_o && operate;
  assign program_page = cmd_o.dir == SpiWrite;
  assign first        = {1'b0, base[31:8]};
  assign page         = {1'b0, cmd_o.addr[31:8]};
  assign block        = first + {14'b0, job_i.index, 4'b0};
  assign window       = block + 25'd16;

  // Groups of 64 bytes of this page that the block has.
  logic [2:0] groups;
  assign groups = page_q == job_i.groups_m1[5:2] ? 3'(job_i.groups_m1[1:0]) + 3'd1 : 3'd4;

  // The processor's orders begin at a page and end inside the address space.
  AOrderFits :
  assume property (@(posedge clk_i) disable iff (!rst_ni)
    base[7:0] == '0 && (!writing || fetching_q || block + 25'd15 < 25'h1000000));

  ANothingElseChanges :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    cmd_valid_o && !operate |-> cmd_o.dir == SpiRead || cmd_o.dir == SpiPoll ||
      (enable && cmd_o.dir == SpiNone && cmd_o.opcode == 8'h06 && !cmd_o.addr_en));
  AChangesForJob :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    changes |-> job_valid_i && job_i.sink && !job_i.finish && !fetching_q && lock_o);
  AInBlock :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    changes |-> page >= block && page < window && cmd_o.addr[7:0] == '0 && cmd_o.addr_en);
  APageFits :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    changes && program_page |-> cmd_o.opcode == program_opcode_i && cmd_o.len <= 13'd256 &&
      cmd_o.len == 13'({groups, 6'b0}));
  APagesOfBlock :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    changes |-> page_q <= job_i.groups_m1[5:2]);
  AErasesAsPlanned :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    changes && !program_page |-> cmd_o.dir == SpiNone && page == block && (
      (job_i.erase == Erase4 && cmd_o.opcode == erase4_opcode_i) ||
      (job_i.erase == Erase32 && cmd_o.opcode == erase32_opcode_i) ||
      (job_i.erase == Erase64 && cmd_o.opcode == erase64_opcode_i)));

  // ---- the sequence of commands ----------------------------------------------------------------------------
  typedef enum logic [1:0] {
    Quiet,
    Enabled,
    Changing
  } chip_e;
  chip_e chip_q;
  logic  erased_q;  // for this block
  logic  taken;
  assign taken = cmd_valid_o && cmd_ready_i;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      chip_q   <= Quiet;
      erased_q <= 1'b0;
    end else begin
      if (taken && enable) chip_q <= Enabled;
      if (taken && operate) chip_q <= Changing;
      if (poll && issued_q && done_i) chip_q <= Quiet;
      if (!writing) erased_q <= 1'b0;
      if (taken && operate && !program_page) erased_q <= 1'b1;
    end
  end
  AEnabledFirst :
  assert property (@(posedge clk_i) disable iff (!rst_ni) changes |-> chip_q == Enabled);
  AWaitsForChip :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    chip_q == Changing && cmd_valid_o |-> cmd_o.dir == SpiPoll);
  AErasesFirst :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    changes && program_page |-> erased_q || job_i.erase == EraseNone);
  AErasesOnce :
  assert property (@(posedge clk_i) disable iff (!rst_ni) changes && !program_page |-> !erased_q);
  ALockedThroughout :
  assert property (@(posedge clk_i) disable iff (!rst_ni) chip_q != Quiet |-> lock_o);
  AFreesDone :
  assert property (@(posedge clk_i) disable iff (!rst_ni) freed_o |-> chip_q == Quiet);

  ACommandStays :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    lock_o && cmd_valid_o && !cmd_ready_i |=> lock_o && cmd_valid_o && $stable(
      cmd_o
  ));

  // ---- what the proof stands on --------------------------------------------------------------------------
  AAddressIsPage :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    lock_o |-> {1'b0, address_q} == block + {21'b0, page_q} && !fetching_q);
  AErasesAtBegin :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    writing && !fetching_q && erasing_q |->
      page_q == '0 && !read && job_i.erase != EraseNone && erased_q == (chip_q == Changing));
  AErasedKnown :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    writing && !fetching_q && !erasing_q |-> erased_q || job_i.erase == EraseNone);
  APageKnown :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    writing && !fetching_q |-> page_q <= job_i.groups_m1[5:2]);
  AChipKnown :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    (!enable || chip_q == (issued_q ? Enabled : Quiet)) &&
    (!operate || chip_q == (issued_q ? Changing : Enabled)) &&
    (!poll || chip_q == Changing) && (lock_o || chip_q == Quiet) &&
    (!issued_q || lock_o || read) && (!fetching_q || !idle_o || stop_i));

  CErases64 :
  cover property (@(posedge clk_i) disable iff (!rst_ni)
    changes && !program_page && cmd_o.opcode == erase64_opcode_i && erase64_opcode_i == 8'hd8);
  CProgramsLastPage :
  cover property (@(posedge clk_i) disable iff (!rst_ni)
    changes && program_page && erased_q && page_q == 4'd1 && job_i.index == 7'd3);

endmodule

bind stream_flash formal_flash u_formal (
    .*,
    .writing(state_q > 1),  // not Idle, not Settle
    .enable (state_q == Enable),
    .operate(state_q == Operate),
    .poll   (state_q == Poll),
    .read   (state_q == Read)
);
