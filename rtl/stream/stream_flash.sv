// SPDX-License-Identifier: Apache-2.0
//
// The flash side of the engine. It frees the checked jobs in order, those with a sink after their
// block is in the flash: erase as planned, then page by page program, wait for the chip, read back
// and compare with the RAM word by word. Between jobs it is the producer of blocks that come from
// the flash: one read a block.
// A program or erase starts only for a job at the freed end, that is a checked one. The lock is held from
// write enable until the chip is ready again, or has been busy for longer than `timeout_ms_i`.
// Overhead of a page beside its SPI transactions and the chip's time: about 10 cycles. SCK does not pause
// for words: it is the first client of the RAM.
module stream_flash
  import sluice_pkg::*;
  import sluice_regs_pkg::*;
  import stream_pkg::*;
  import order_map_pkg::*;
(
    input logic clk_i,
    input logic rst_ni,

    input logic [ 7:0] read_opcode_i,
    input logic [ 3:0] read_dummy_i,
    input logic        address4_i,
    input logic        read_quad_i,
    input logic        program_quad_i,
    input logic        quad_addr_i,       // of programs
    input logic [ 7:0] program_opcode_i,
    input logic [ 7:0] erase4_opcode_i,
    input logic [ 7:0] erase32_opcode_i,
    input logic [ 7:0] erase64_opcode_i,
    input logic [15:0] timeout_ms_i,
    input logic        tick_ms_i,

    // job queue: job_i is valid two cycles after freed_o or a change of look_begun_o
    input  logic job_valid_i,
    input  job_t job_i,
    output logic freed_o,
    output logic look_begun_o, // job_i is to be the one at the begun end

    // reads for stream_orders
    input  logic read_want_i,  // until read_done_o; the job is at the begun end
    output logic read_done_o,  // pulse

    input logic stop_i,  // begin nothing more; a flash operation under way is finished
    output logic idle_o,
    output logic fail_o,  // pulse
    output stop_reason_t reason_o,
    output logic order_done_o,  // pulse: the last job of an order was freed
    output logic waiting_o,  // a block is to be written but no flash operation is under way

    // words of orders
    output logic                  word_req_o,
    output logic                  word_slot_o,
    output logic [OrderWordW-1:0] word_o,
    input  logic                  word_ack_i,

    output ram_req_t        ram_o,
    input  logic            ram_gnt_i,
    input  logic     [31:0] ram_rdata_i,

    // SPI NOR controller
    output spi_cmd_t        cmd_o,
    output logic            cmd_valid_o,
    input  logic            cmd_ready_i,
    output logic     [31:0] wdata_o,
    output logic            wdata_valid_o,
    input  logic            wdata_ready_i,
    input  logic            wdata_soon_i,
    input  logic     [31:0] rdata_i,
    input  logic            rdata_valid_i,
    output logic            rdata_ready_o,
    output logic            poll_stop_o,
    input  logic            done_i,
    output logic            lock_o
);

  localparam logic [7:0] WriteEnable = 8'h06;
  localparam logic [7:0] ReadStatus = 8'h05;

  typedef enum logic [2:0] {
    Idle,
    Settle,   // the next job is on its way from the queue's memory
    Address,
    Enable,
    Operate,  // erase or program
    Poll,
    Read      // back what was programmed, or a block for stream_orders
  } state_e;

  state_e state_q, state_d;
  logic data_q;  // the RAM answers, or has written
  logic issued_q, issued_d;  // the state's SPI command is under way
  logic fetching_q, fetching_d;  // the job is a read for stream_orders
  logic erasing_q, erasing_d;
  logic differs_q, differs_d;
  logic [3:0] page_q, page_d;
  logic [5:0] word_q, word_d;  // of the page
  logic [31:8] address_q;
  logic [15:0] timer_q;
  logic        expired;

  logic        ended;
  logic        last_page;
  logic        word_done;
  logic [ 6:0] length;  // in 64-byte groups

  assign last_page = page_q == job_i.groups_m1[5:2];
  assign ended     = issued_q && done_i;
  assign expired   = timer_q == timeout_ms_i;

  // ---- SPI commands --------------------------------------------------------------------------------------------
  always_comb begin
    logic [5:0] length_m1;
    length_m1 = {4'b0, last_page ? job_i.groups_m1[1:0] : 2'b11};
    if (fetching_q) length_m1 = job_i.groups_m1;
    length = 7'(length_m1) + 1'b1;
  end

  always_comb begin
    cmd_o        = '0;
    cmd_o.addr   = {address_q, 8'b0};
    cmd_o.len    = {length, 6'b0};
    cmd_o.opcode = WriteEnable;
    cmd_o.dir    = SpiNone;
    unique case (state_q)
      Operate: begin
        cmd_o.addr_en = 1'b1;
        cmd_o.addr4   = address4_i;
        if (erasing_q) begin
          cmd_o.opcode = erase4_opcode_i;
          if (job_i.erase == Erase32) cmd_o.opcode = erase32_opcode_i;
          if (job_i.erase == Erase64) cmd_o.opcode = erase64_opcode_i;
        end else begin
          cmd_o.opcode    = program_opcode_i;
          cmd_o.dir       = SpiWrite;
          cmd_o.quad      = program_quad_i;
          cmd_o.quad_addr = quad_addr_i;
        end
      end
      Poll: begin
        cmd_o.opcode = ReadStatus;
        cmd_o.dir    = SpiPoll;
      end
      Read: begin
        cmd_o.addr_en = 1'b1;
        cmd_o.addr4   = address4_i;
        cmd_o.opcode  = read_opcode_i;
        cmd_o.dummy   = read_dummy_i;
        cmd_o.dir     = SpiRead;
        cmd_o.quad    = read_quad_i;
      end
      default: ;
    endcase
  end

  assign cmd_valid_o = state_q inside {Enable, Operate, Poll, Read} && !issued_q;
  assign lock_o      = state_q inside {Enable, Operate, Poll};
  assign poll_stop_o = state_q == Poll && expired;

  // ---- data ----------------------------------------------------------------------------------------------------
  // A word is read from the RAM only once the SPI side is about to ask for it (or brought its twin), and is
  // there for one cycle.
  always_comb begin
    ram_o         = '0;
    ram_o.be      = '1;
    ram_o.wdata   = rdata_i;
    ram_o.addr    = RamAw'({job_i.block, page_q, word_q});
    wdata_o       = ram_rdata_i;
    wdata_valid_o = 1'b0;
    rdata_ready_o = 1'b0;
    differs_d     = differs_q;
    unique case (state_q)
      Address: differs_d = 1'b0;
      Operate: begin
        ram_o.req     = wdata_soon_i && !data_q && issued_q && !erasing_q;
        wdata_valid_o = data_q;
      end
      Read: begin
        ram_o.req     = rdata_valid_i && !data_q;
        ram_o.we      = fetching_q;
        rdata_ready_o = data_q;
        if (data_q && ram_rdata_i != rdata_i) differs_d = 1'b1;
      end
      default: ;
    endcase
    word_done = wdata_valid_o || rdata_ready_o;
  end

  // ---- control -------------------------------------------------------------------------------------------------
  always_comb begin
    state_d      = state_q;
    issued_d     = (issued_q || (cmd_valid_o && cmd_ready_i)) && !ended;
    fetching_d   = fetching_q;
    erasing_d    = erasing_q;
    page_d       = page_q;
    word_d       = word_q;
    freed_o      = 1'b0;
    read_done_o  = 1'b0;
    order_done_o = 1'b0;
    fail_o       = 1'b0;
    reason_o     = stop_reason_e__PROGRAM;

    if (word_done) begin
      word_d = word_q + 1'b1;
      if (fetching_q && word_q == '1) page_d = page_q + 1'b1;
    end

    unique case (state_q)
      Idle: begin
        page_d     = '0;
        word_d     = '0;
        fetching_d = 1'b0;
        erasing_d  = job_i.erase != EraseNone;
        if (!stop_i) begin
          if (job_valid_i) begin
            if (job_i.sink && !job_i.finish) begin
              state_d = Address;
            end else begin
              freed_o      = 1'b1;
              order_done_o = job_i.finish;
              state_d      = Settle;
            end
          end else if (read_want_i) begin
            fetching_d = 1'b1;
            state_d    = Settle;
          end
        end
      end
      Settle:  state_d = fetching_q ? Address : Idle;
      Address: begin
        word_d = '0;
        if (word_ack_i) begin
          state_d = fetching_q ? Read : Enable;
          if (stop_i) state_d = Idle;
        end
      end
      Enable:  if (ended) state_d = Operate;
      Operate: if (ended) state_d = Poll;
      Poll: begin
        if (ended) begin
          erasing_d = 1'b0;
          word_d    = '0;
          state_d   = erasing_q ? Enable : Read;
          if (stop_i) state_d = Idle;
          if (expired) begin
            fail_o   = 1'b1;
            reason_o = stop_reason_e__FLASH_TIMEOUT;
            state_d  = Idle;
          end
        end
      end
      Read: begin
        if (ended) begin
          state_d = Settle;
          if (fetching_q) begin
            read_done_o = 1'b1;
            fetching_d  = 1'b0;
          end else if (differs_q) begin
            fail_o  = 1'b1;
            state_d = Idle;
          end else if (last_page || stop_i) begin
            freed_o = !stop_i;
          end else begin
            page_d  = page_q + 1'b1;
            state_d = Address;
          end
        end
      end
      default: state_d = Idle;
    endcase
  end

  assign word_req_o   = state_q == Address;
  assign word_slot_o  = job_i.slot;
  assign word_o       = OrderWordW'(FlashAddressWord);
  assign look_begun_o = fetching_q;
  assign idle_o       = state_q == Idle;
  assign waiting_o    = job_valid_i && !issued_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q    <= Idle;
      data_q     <= 1'b0;
      issued_q   <= 1'b0;
      fetching_q <= 1'b0;
    end else begin
      state_q    <= state_d;
      data_q     <= ram_gnt_i;
      issued_q   <= issued_d;
      fetching_q <= fetching_d;
    end
  end

  always_ff @(posedge clk_i) begin
    erasing_q <= erasing_d;
    differs_q <= differs_d;
    page_q    <= page_d;
    word_q    <= word_d;
    if (word_ack_i) begin
      address_q <= ram_rdata_i[31:8] + 24'({job_i.index, page_q});
    end
    if (state_q != Poll) timer_q <= '0;
    else if (tick_ms_i && !expired) timer_q <= timer_q + 1'b1;
  end

  // Of no concern here.
  logic unused;
  assign unused = ^{
    job_i.link, job_i.check, job_i.compare, job_i.digest, job_i.more, job_i.chain, job_i.tree
  };

`ifndef SYNTHESIS
  ACommandStable :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    cmd_valid_o && !cmd_ready_i |=> cmd_valid_o && $stable(
      cmd_o
  ));
  // Without an address spi_nor would send addr[31:24] as a byte behind the opcode.
  ABareOpcode :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    cmd_valid_o && !cmd_o.addr_en |-> !cmd_o.addr4);
  // What Operate relies on: a word that comes a cycle after the controller announced it is taken at once.
  AFlashWaits :
  assert property (@(posedge clk_i) disable iff (!rst_ni) wdata_valid_o |-> wdata_ready_i);
  AReadWaits :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    state_q == Read && rdata_valid_i && !rdata_ready_o |=> rdata_valid_i && $stable(
      rdata_i
  ));
  // The flash is changed only for a checked job that asks for it.
  AWritesCheckedJobs :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    lock_o |-> job_valid_i && job_i.sink && !fetching_q);
`endif

endmodule
