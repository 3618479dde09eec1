// SPDX-License-Identifier: Apache-2.0
//
// The stream engine with its neighbours: stream RAM and SPI NOR controller. The bench is the
// processor (lowest client of the RAM, second user of the flash), the packet streams' other ends and
// the flash chip.
module stream_tb
  import sluice_pkg::*;
  import stream_pkg::*;
#(
    parameter int unsigned Buffers     = 8,
    parameter int unsigned Outstanding = 4,
    parameter int unsigned RamBlocks   = 16
) (
    input logic clk_i,
    input logic rst_ni,
    input logic tick_ms_i,

    input  logic       order_push_i,
    input  logic       order_slot_i,
    input  logic       order_ack_i,
    input  logic       order_abort_i,
    input  logic       order_clear_i,
    output logic [1:0] order_done_o,
    output logic       order_stopped_o,
    output logic       order_busy_o,
    output logic [3:0] order_reason_o,
    output logic [7:0] order_code_o,
    output logic [6:0] order_block_o,
    output logic       order_slot_o,

    input logic [ 7:0] own_eid_i,
    input logic [ 7:0] request_peer_i,
    input logic [ 3:0] request_chunk_log2_i,
    input logic [ 1:0] request_outstanding_m1_i,
    input logic [ 3:0] request_retries_i,
    input logic [15:0] request_timeout_ms_i,
    input logic [15:0] request_retry_ms_i,

    input logic [ 7:0] flash_read_opcode_i,
    input logic [ 3:0] flash_read_dummy_i,
    input logic        flash_address4_i,
    input logic        flash_read_quad_i,
    input logic        flash_program_quad_i,
    input logic        flash_quad_addr_i,
    input logic [ 7:0] flash_program_opcode_i,
    input logic [ 7:0] flash_erase4_opcode_i,
    input logic [ 7:0] flash_erase32_opcode_i,
    input logic [ 7:0] flash_erase64_opcode_i,
    input logic [15:0] flash_timeout_ms_i,

    output logic [31:0] count_requests_o,
    output logic [31:0] count_retries_o,
    output logic [31:0] count_bytes_o,
    output logic [31:0] count_link_idle_o,
    output logic [31:0] count_flash_idle_o,

    input  logic        host_req_i,
    input  logic        host_we_i,
    input  logic [16:0] host_addr_i,   // in words
    input  logic [31:0] host_wdata_i,
    output logic        host_gnt_o,
    output logic [31:0] host_rdata_o,

    input  logic [7:0] rx_data_i,
    input  logic       rx_last_i,
    input  logic       rx_err_i,
    input  logic [1:0] rx_tag_i,
    input  logic       rx_valid_i,
    output logic       rx_ready_o,
    output logic [7:0] tx_data_o,
    output logic       tx_last_o,
    output logic       tx_valid_o,
    input  logic       tx_ready_i,

    input  logic        cpu_go_i,     // reads the chip's JEDEC ID
    output logic [31:0] cpu_rdata_o,
    output logic        cpu_busy_o,

    output logic       csn_o,
    output logic       sck_o,
    output logic [3:0] sd_o,
    output logic [3:0] sd_oe_o,
    input  logic [3:0] sd_i
);

  localparam int unsigned Host = StreamRamClients;

  ram_req_t     [Host:0] ram_req;
  logic         [Host:0] ram_gnt;
  logic         [  31:0] ram_rdata;
  pkt_byte_t             tx;
  stop_reason_t          reason;

  spi_cmd_t              cmd;
  logic cmd_valid, cmd_ready;
  logic [31:0] wdata, rdata;
  logic wdata_valid, wdata_ready, wdata_soon, rdata_valid, rdata_ready;
  logic poll_stop, done, flash_lock;

  assign ram_req[Host] = '{
          req: host_req_i,
          we: host_we_i,
          be: '1,
          addr: host_addr_i,
          wdata: host_wdata_i
      };
  assign host_gnt_o = ram_gnt[Host];
  assign host_rdata_o = ram_rdata;
  assign tx_data_o = tx.data;
  assign tx_last_o = tx.last;
  assign order_reason_o = reason;

  stream_engine #(
      .Buffers    (Buffers),
      .Outstanding(Outstanding)
  ) u_engine (
      .clk_i,
      .rst_ni,
      .tick_ms_i,
      .order_push_i,
      .order_slot_i,
      .order_ack_i,
      .order_abort_i,
      .order_clear_i,
      .order_done_o,
      .order_stopped_o,
      .order_busy_o,
      .order_reason_o     (reason),
      .order_code_o,
      .order_block_o,
      .order_slot_o,
      .own_eid_i,
      .request_peer_i,
      .request_chunk_log2_i,
      .request_outstanding_m1_i,
      .request_retries_i,
      .request_timeout_ms_i,
      .request_retry_ms_i,
      .flash_read_opcode_i,
      .flash_read_dummy_i,
      .flash_address4_i,
      .flash_read_quad_i,
      .flash_program_quad_i,
      .flash_quad_addr_i,
      .flash_program_opcode_i,
      .flash_erase4_opcode_i,
      .flash_erase32_opcode_i,
      .flash_erase64_opcode_i,
      .flash_timeout_ms_i,
      .count_requests_o,
      .count_retries_o,
      .count_bytes_o,
      .count_link_idle_o,
      .count_flash_idle_o,
      .ram_req_o          (ram_req[Host-1:0]),
      .ram_gnt_i          (ram_gnt[Host-1:0]),
      .ram_rdata_i        (ram_rdata),
      .rx_i               ({rx_err_i, rx_last_i, rx_data_i}),
      .rx_tag_i,
      .rx_valid_i,
      .rx_ready_o,
      .tx_o               (tx),
      .tx_valid_o,
      .tx_ready_i,
      .flash_cmd_o        (cmd),
      .flash_cmd_valid_o  (cmd_valid),
      .flash_cmd_ready_i  (cmd_ready),
      .flash_wdata_o      (wdata),
      .flash_wdata_valid_o(wdata_valid),
      .flash_wdata_ready_i(wdata_ready),
      .flash_wdata_soon_i (wdata_soon),
      .flash_rdata_i      (rdata),
      .flash_rdata_valid_i(rdata_valid),
      .flash_rdata_ready_o(rdata_ready),
      .flash_poll_stop_o  (poll_stop),
      .flash_done_i       (done),
      .flash_lock_o       (flash_lock)
  );

  stream_ram_arbiter #(
      .Clients(Host + 1),
      .Words  (RamBlocks * 1024)
  ) u_ram (
      .clk_i,
      .rst_ni,
      .req_i  (ram_req),
      .gnt_o  (ram_gnt),
      .rdata_o(ram_rdata)
  );

  flash_port #(
      .Quad(1'b1)
  ) u_flash_port (
      .clk_i,
      .rst_ni,
      .cmd_i        (cmd),
      .cmd_valid_i  (cmd_valid),
      .cmd_ready_o  (cmd_ready),
      .wdata_i      (wdata),
      .wdata_valid_i(wdata_valid),
      .wdata_ready_o(wdata_ready),
      .wdata_soon_o (wdata_soon),
      .rdata_o      (rdata),
      .rdata_valid_o(rdata_valid),
      .rdata_ready_i(rdata_ready),
      .poll_stop_i  (poll_stop),
      .done_o       (done),
      .lock_i       (flash_lock),
      .cpu_go_i,
      .cpu_chip_i   ('0),
      .cpu_opcode_i (8'h9f),
      .cpu_writes_i ('0),
      .cpu_reads_i  (3'd3),
      .cpu_wdata_i  ('0),
      .cpu_rdata_o,
      .cpu_busy_o,
      .csn_o,
      .sck_o,
      .sd_o,
      .sd_oe_o,
      .sd_i
  );

  logic unused;
  assign unused = tx.err;

endmodule
