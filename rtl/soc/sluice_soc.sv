// SPDX-License-Identifier: Apache-2.0
//
// Sluice: the block that a card's designer instantiates. A PLDM firmware-update endpoint with its
// processor, memories, MCTP links, stream engine and SPI NOR controller. The processor starts from
// the boot ROM, whose program loads the firmware out of the flash into the RAM.
//
//   processor - bus -+- boot ROM, RAM
//                    +- stream RAM <- arbiter <- stream engine <- router <- link <- uart_rx_i,
//                    +- registers                |      |                    |      packet_in_*
//                                          flash port   |                    +-<->- smbus_*
//                                                |      +-> transmit arbiter -> link -> uart_tx_o,
//                                            SPI NOR                                    packet_out_*
module sluice_soc
  import sluice_pkg::*;
  import sluice_regs_pkg::*;
#(
    parameter int unsigned ClkHz = 12_000_000,
    parameter bit SerialLink = 1'b1,  // one link at least
    parameter bit PacketPort = 1'b0,
    parameter bit SmbusLink = 1'b0,
    parameter int unsigned Baud = 1_000_000,  // at most ClkHz / 4
    parameter int unsigned PortMaxPacket = 255,  // longest packet taken there, 68..255 bytes
    parameter int unsigned SmbusBitRate = 1_000_000,  // highest, in Hz
    parameter int unsigned SmbusMaxPacket = 74,  // longest packet taken there, 68..254 bytes
    parameter int unsigned BootRomBytes = 6144,
    parameter string BootRomFile = "",  // $readmemh, 32-bit words
    parameter int unsigned RamBytes = 65536,
    parameter int unsigned StreamRamBytes = 65536,  // powers of two
    parameter int unsigned Buffers = 8,  // 4 KiB each, from block 4 of the stream RAM
    parameter int unsigned Outstanding = 4,  // RequestFirmwareData at once, 1 or 4
    parameter bit Counters = 1'b1,  // COUNT_* registers
    parameter bit Chain = 1'b1,  // chain orders (LM-OTS)
    parameter bit Quad = 1'b1,  // flash data on four lines is possible
    parameter int unsigned FlashChips = 1,  // 1..4, all of one kind; chip n begins at n GiB
    parameter int unsigned CsHighCycles = 2  // the flash's tSHSL
) (
    input logic clk_i,
    input logic rst_ni,  // asynchronous, released synchronously to clk_i
    // serial link (DSP0253)
    input logic uart_rx_i,
    output logic uart_tx_o,
    // packet port (mctp_packet_port)
    input port_word_t packet_in_i,
    input logic packet_in_valid_i,
    output logic packet_in_ready_o,
    output port_word_t packet_out_o,
    output logic packet_out_valid_o,
    input logic packet_out_ready_i,
    // SMBus (mctp_smbus_link): the lines, open drain, and 7-bit addresses
    input logic smbus_scl_i,
    output logic smbus_scl_low_o,
    input logic smbus_sda_i,
    output logic smbus_sda_low_o,
    input logic [6:0] smbus_own_i,
    input logic [6:0] smbus_peer_i,  // 0: where the last good packet came from
    // SPI NOR
    output logic [FlashChips-1:0] csn_o,
    output logic sck_o,
    output logic [3:0] sd_o,
    output logic [3:0] sd_oe_o,
    input logic [3:0] sd_i,
    // console: a character moves when valid and ready are high
    output logic [7:0] console_o,
    output logic console_valid_o,
    input logic console_ready_i,
    // board pins; inputs may be asynchronous
    input logic [7:0] board_i,
    output logic [7:0] board_o,
    // observation
    output logic insn_o,  // pulse: an instruction was fetched
    output logic waiting_o  // the processor is held in a read of EVENT
);

  localparam int unsigned FirstBuffer = 4;
  // A bit of the line: rounded to nearest, as in sim/card.cpp; rounding down may be twice as far off.
  localparam int unsigned BitCycles = (ClkHz + Baud / 2) / Baud;
  // A host that takes nothing from the packet port for 20 ms loses packets: well below the 100 ms in
  // which those behind it are to be answered on other links.
  localparam int unsigned PortPatience = ClkHz / 50;
  localparam int unsigned Clients = stream_pkg::StreamRamClients;

  logic                            rst_n;
  logic                            watchdog_bite;
  sluice_regs__in_t                hw_in;
  sluice_regs__out_t               hw_out;

  // ---- processor, bus, memories --------------------------------------------------------------

  logic                            cpu_valid;
  logic                            cpu_ready;
  logic              [       31:0] cpu_addr;
  logic              [       31:0] cpu_wdata;
  logic              [       31:0] cpu_rdata;
  logic              [        3:0] cpu_wstrb;
  ram_req_t          [Clients-1:0] stream_req;
  logic              [Clients-1:0] stream_gnt;
  logic              [       31:0] stream_rdata;
  logic                            regs_req;
  logic                            regs_rd_ack;
  logic                            regs_wr_ack;
  logic              [       31:0] regs_rdata;

  if (StreamRamBytes < (FirstBuffer + Buffers) * 4096) begin : gen_too_small
    $error("StreamRamBytes must hold 4 blocks of 4 KiB and the Buffers");
  end
  if (SerialLink && ClkHz / Baud < 4) begin : gen_too_fast
    $error("Baud must be at most ClkHz / 4");
  end

  sluice_reset u_reset (
      .clk_i,
      .rst_ni,
      .restart_i (hw_out.RESET.restart.value),
      .watchdog_i(watchdog_bite),
      .rst_no    (rst_n),
      .cause_o   (hw_in.RESET.cause.next)
  );

  sluice_core u_core (
      .clk_i,
      .rst_ni (rst_n),
      .valid_o(cpu_valid),
      .addr_o (cpu_addr),
      .wdata_o(cpu_wdata),
      .wstrb_o(cpu_wstrb),
      .rdata_i(cpu_rdata),
      .ready_i(cpu_ready),
      .insn_o
  );

  sluice_memory #(
      .BootRomBytes  (BootRomBytes),
      .BootRomFile   (BootRomFile),
      .RamBytes      (RamBytes),
      .StreamRamBytes(StreamRamBytes)
  ) u_memory (
      .clk_i,
      .rst_ni        (rst_n),
      .valid_i       (cpu_valid),
      .addr_i        (cpu_addr),
      .wdata_i       (cpu_wdata),
      .wstrb_i       (cpu_wstrb),
      .rdata_o       (cpu_rdata),
      .ready_o       (cpu_ready),
      .engine_req_i  (stream_req),
      .engine_gnt_o  (stream_gnt),
      .engine_rdata_o(stream_rdata),
      .regs_req_o    (regs_req),
      .regs_ack_i    (regs_rd_ack || regs_wr_ack),
      .regs_rdata_i  (regs_rdata)
  );

  // ---- registers -----------------------------------------------------------------------------

  logic unused_stall_wr, unused_stall_rd, unused_rd_err, unused_wr_err;

  sluice_regs u_regs (
      .clk(clk_i),
      .arst_n(rst_n),
      .s_cpuif_req(regs_req),
      .s_cpuif_req_is_wr(|cpu_wstrb),
      .s_cpuif_addr({cpu_addr[7:2], 2'b00}),
      .s_cpuif_wr_data(cpu_wdata),
      .s_cpuif_wr_biten('1),  // whole words only
      .s_cpuif_req_stall_wr(unused_stall_wr),
      .s_cpuif_req_stall_rd(unused_stall_rd),
      .s_cpuif_rd_ack(regs_rd_ack),
      .s_cpuif_rd_err(unused_rd_err),
      .s_cpuif_rd_data(regs_rdata),
      .s_cpuif_wr_ack(regs_wr_ack),
      .s_cpuif_wr_err(unused_wr_err),
      .hwif_in(hw_in),
      .hwif_out(hw_out)
  );

  assign hw_in.CONFIG.clk_khz.next    = 20'(ClkHz / 1000);
  assign hw_in.CONFIG.buffers.next    = 5'(Buffers);
  assign hw_in.CONFIG.ram_blocks.next = 7'(StreamRamBytes / 4096);
  assign hw_in.FLASH_CMD.quad.next    = Quad;
  assign hw_in.FLASH_CMD.chips.next   = 3'(FlashChips);

  // ---- system services -----------------------------------------------------------------------

  logic       event_rx;
  logic       event_order;
  logic       event_timer;
  logic [7:0] rx_length;
  logic       order_stopped;
  logic [1:0] order_done;
  logic       tick_ms;
  logic [7:0] board_meta_q;
  logic [7:0] board_q;

  sluice_event u_event (
      .clk_i,
      .rst_ni  (rst_n),
      .read_i  (hw_out.EVENT.req),
      .events_i({event_timer, event_order, event_rx}),
      .ack_o   (hw_in.EVENT.rd_ack),
      .waiting_o
  );

  assign event_rx                   = rx_length != '0;
  assign event_order                = order_stopped || order_done != '0;
  assign hw_in.EVENT.rd_data        = {29'b0, event_timer, event_order, event_rx};
  assign hw_in.EVENT_NOW.rx.next    = event_rx;
  assign hw_in.EVENT_NOW.order.next = event_order;
  assign hw_in.EVENT_NOW.timer.next = event_timer;

  sluice_timer #(
      .ClkKhz(ClkHz / 1000)
  ) u_timer (
      .clk_i,
      .rst_ni        (rst_n),
      .tick_ms_o     (tick_ms),
      .ms_o          (hw_in.TIME.ms.next),
      .set_i         (cpu_wdata[15:0]),
      .timer_set_i   (hw_out.TIMER.req),
      .timer_o       (event_timer),
      .watchdog_set_i(hw_out.WATCHDOG.req),
      .watchdog_o    (watchdog_bite)
  );
  sluice_console u_console (
      .clk_i,
      .rst_ni (rst_n),
      .write_i(hw_out.CONSOLE.req && hw_out.CONSOLE.req_is_wr),
      .data_i (cpu_wdata[7:0]),
      .ack_o  (hw_in.CONSOLE.wr_ack),
      .console_o,
      .console_valid_o,
      .console_ready_i
  );
  assign hw_in.CONSOLE.rd_data = {31'b0, !console_ready_i};

  // Accesses that nothing holds end in their second cycle. (An answer in the first would be a path
  // from hw_out to hw_in, which Verilator takes for a loop.)
  logic written_q;
  logic console_read_q;

  always_ff @(posedge clk_i or negedge rst_n) begin
    if (!rst_n) begin
      written_q      <= 1'b0;
      console_read_q <= 1'b0;
    end else begin
      written_q      <= hw_out.TIMER.req || hw_out.WATCHDOG.req || hw_out.TX_DATA.req;
      console_read_q <= hw_out.CONSOLE.req && !hw_out.CONSOLE.req_is_wr;
    end
  end
  assign hw_in.TIMER.wr_ack    = written_q;
  assign hw_in.WATCHDOG.wr_ack = written_q;
  assign hw_in.TX_DATA.wr_ack  = written_q;
  assign hw_in.CONSOLE.rd_ack  = console_read_q;

  always_ff @(posedge clk_i) begin
    board_meta_q <= board_i;
    board_q      <= board_meta_q;
  end
  assign board_o             = hw_out.BOARD.out.value;
  assign hw_in.BOARD.in.next = board_q;

  // ---- links -----------------------------------------------------------------------------------

  pkt_byte_t rx_pkt, tx_pkt;
  logic [1:0] rx_pkt_tag;
  logic rx_pkt_valid, rx_pkt_ready, tx_pkt_valid, tx_pkt_ready;

  mctp_top #(
      .Serial        (SerialLink),
      .PacketPort    (PacketPort),
      .Smbus         (SmbusLink),
      .ClkHz         (ClkHz),
      .ClkDiv        (BitCycles),
      .PortMaxPacket (PortMaxPacket),
      .PortPatience  (PortPatience),
      .SmbusBitRate  (SmbusBitRate),
      .SmbusMaxPacket(SmbusMaxPacket)
  ) u_mctp (
      .clk_i,
      .rst_ni           (rst_n),
      .own_eid_i        (hw_out.MCTP_EID.eid.value),
      .uart_rx_i,
      .uart_tx_o,
      .port_in_i        (packet_in_i),
      .port_in_valid_i  (packet_in_valid_i),
      .port_in_ready_o  (packet_in_ready_o),
      .port_out_o       (packet_out_o),
      .port_out_valid_o (packet_out_valid_o),
      .port_out_ready_i (packet_out_ready_i),
      .smbus_scl_i,
      .smbus_scl_low_o,
      .smbus_sda_i,
      .smbus_sda_low_o,
      .smbus_own_i,
      .smbus_peer_i,
      .stream_link_i    (hw_out.REQUEST_DELAY.link.value),
      .stream_rx_o      (rx_pkt),
      .stream_rx_tag_o  (rx_pkt_tag),
      .stream_rx_valid_o(rx_pkt_valid),
      .stream_rx_ready_i(rx_pkt_ready),
      .stream_tx_i      (tx_pkt),
      .stream_tx_valid_i(tx_pkt_valid),
      .stream_tx_ready_o(tx_pkt_ready),
      .rx_length_o      (rx_length),
      .rx_data_o        (hw_in.RX_DATA.data.next),
      .rx_link_o        (hw_in.RX_STATUS.link.next),
      .rx_pop_i         (hw_out.RX_DATA.data.swacc && event_rx),
      .tx_data_i        (cpu_wdata[7:0]),
      .tx_last_i        (cpu_wdata[8]),
      .tx_link_i        (cpu_wdata[10:9]),
      .tx_push_i        (hw_out.TX_DATA.req),
      .tx_ready_o       (hw_in.TX_STATUS.ready.next),
      .tx_idle_o        (hw_in.TX_STATUS.idle.next),
      .link_errors_o    (hw_in.RX_STATUS.link_errors.next),
      .drops_o          (hw_in.RX_STATUS.drops.next)
  );

  assign hw_in.RX_STATUS.length.next = rx_length;

  // ---- stream engine ---------------------------------------------------------------------------

  stop_reason_t order_reason;
  spi_cmd_t engine_cmd;
  logic engine_cmd_valid, engine_cmd_ready, engine_poll_stop, engine_done, engine_lock;
  logic [31:0] engine_wdata, engine_rdata;
  logic engine_wdata_valid, engine_wdata_ready, engine_wdata_soon;
  logic engine_rdata_valid, engine_rdata_ready;

  stream_engine #(
      .Buffers    (Buffers),
      .FirstBuffer(FirstBuffer),
      .Outstanding(Outstanding),
      .Counters   (Counters),
      .Chain      (Chain)
  ) u_engine (
      .clk_i,
      .rst_ni                  (rst_n),
      .tick_ms_i               (tick_ms),
      .order_push_i            (hw_out.ORDER_CTRL.push.value),
      .order_slot_i            (hw_out.ORDER_CTRL.slot.value),
      .order_ack_i             (hw_out.ORDER_CTRL.ack.value),
      .order_abort_i           (hw_out.ORDER_CTRL.abort_orders.value),
      .order_clear_i           (hw_out.ORDER_CTRL.clear.value),
      .order_done_o            (order_done),
      .order_stopped_o         (order_stopped),
      .order_busy_o            (hw_in.ORDER_STATUS.busy.next),
      .order_reason_o          (order_reason),
      .order_code_o            (hw_in.ORDER_STATUS.code.next),
      .order_block_o           (hw_in.ORDER_STATUS.block.next),
      .order_slot_o            (hw_in.ORDER_STATUS.slot.next),
      .own_eid_i               (hw_out.MCTP_EID.eid.value),
      .request_peer_i          (hw_out.REQUEST.peer.value),
      .request_chunk_log2_i    (hw_out.REQUEST.chunk_log2.value),
      .request_outstanding_m1_i(hw_out.REQUEST_DELAY.outstanding_m1.value),
      .request_retries_i       (hw_out.REQUEST.retries.value),
      .request_timeout_ms_i    (hw_out.REQUEST.timeout_ms.value),
      .request_retry_ms_i      (hw_out.REQUEST_DELAY.retry_ms.value),
      .flash_read_opcode_i     (hw_out.FLASH_CONFIG.read_opcode.value),
      .flash_read_dummy_i      (hw_out.FLASH_CONFIG.read_dummy.value),
      .flash_address4_i        (hw_out.FLASH_CONFIG.address4.value),
      .flash_read_quad_i       (hw_out.FLASH_CONFIG.read_quad.value),
      .flash_program_quad_i    (hw_out.FLASH_CONFIG.program_quad.value),
      .flash_quad_addr_i       (hw_out.FLASH_CONFIG.program_quad_addr.value),
      .flash_program_opcode_i  (hw_out.FLASH_CONFIG.program_opcode.value),
      .flash_erase4_opcode_i   (hw_out.FLASH_ERASE.erase4_opcode.value),
      .flash_erase32_opcode_i  (hw_out.FLASH_ERASE.erase32_opcode.value),
      .flash_erase64_opcode_i  (hw_out.FLASH_ERASE.erase64_opcode.value),
      .flash_timeout_ms_i      (hw_out.FLASH_TIMEOUT.timeout_ms.value),
      .count_requests_o        (hw_in.COUNT_REQUESTS.count.next),
      .count_retries_o         (hw_in.COUNT_RETRIES.count.next),
      .count_bytes_o           (hw_in.COUNT_BYTES.count.next),
      .count_link_idle_o       (hw_in.COUNT_LINK_IDLE.count.next),
      .count_flash_idle_o      (hw_in.COUNT_FLASH_IDLE.count.next),
      .ram_req_o               (stream_req),
      .ram_gnt_i               (stream_gnt),
      .ram_rdata_i             (stream_rdata),
      .rx_i                    (rx_pkt),
      .rx_tag_i                (rx_pkt_tag),
      .rx_valid_i              (rx_pkt_valid),
      .rx_ready_o              (rx_pkt_ready),
      .tx_o                    (tx_pkt),
      .tx_valid_o              (tx_pkt_valid),
      .tx_ready_i              (tx_pkt_ready),
      .flash_cmd_o             (engine_cmd),
      .flash_cmd_valid_o       (engine_cmd_valid),
      .flash_cmd_ready_i       (engine_cmd_ready),
      .flash_wdata_o           (engine_wdata),
      .flash_wdata_valid_o     (engine_wdata_valid),
      .flash_wdata_ready_i     (engine_wdata_ready),
      .flash_wdata_soon_i      (engine_wdata_soon),
      .flash_rdata_i           (engine_rdata),
      .flash_rdata_valid_i     (engine_rdata_valid),
      .flash_rdata_ready_o     (engine_rdata_ready),
      .flash_poll_stop_o       (engine_poll_stop),
      .flash_done_i            (engine_done),
      .flash_lock_o            (engine_lock)
  );
  assign hw_in.REQUEST_DELAY.most_m1.next = 2'(Outstanding - 1);
  assign hw_in.REQUEST_DELAY.wide.next   = stream_pkg::wide_requests(Outstanding, Buffers);
  assign hw_in.ORDER_STATUS.reason.next  = order_reason;
  assign hw_in.ORDER_STATUS.done.next    = order_done;
  assign hw_in.ORDER_STATUS.stopped.next = order_stopped;

  // ---- flash -----------------------------------------------------------------------------------

  flash_port #(
      .CsHighCycles(CsHighCycles),
      .Quad        (Quad),
      .Chips       (FlashChips)
  ) u_flash (
      .clk_i,
      .rst_ni       (rst_n),
      .cmd_i        (engine_cmd),
      .cmd_valid_i  (engine_cmd_valid),
      .cmd_ready_o  (engine_cmd_ready),
      .wdata_i      (engine_wdata),
      .wdata_valid_i(engine_wdata_valid),
      .wdata_ready_o(engine_wdata_ready),
      .wdata_soon_o (engine_wdata_soon),
      .rdata_o      (engine_rdata),
      .rdata_valid_o(engine_rdata_valid),
      .rdata_ready_i(engine_rdata_ready),
      .poll_stop_i  (engine_poll_stop),
      .done_o       (engine_done),
      .lock_i       (engine_lock),
      .cpu_go_i     (hw_out.FLASH_CMD.go.value),
      .cpu_chip_i   (hw_out.FLASH_CMD.chip.value),
      .cpu_opcode_i (hw_out.FLASH_CMD.opcode.value),
      .cpu_writes_i (hw_out.FLASH_CMD.writes.value),
      .cpu_reads_i  (hw_out.FLASH_CMD.reads.value),
      .cpu_wdata_i  (hw_out.FLASH_WDATA.data.value),
      .cpu_rdata_o  (hw_in.FLASH_RDATA.data.next),
      .cpu_busy_o   (hw_in.FLASH_CMD.busy.next),
      .csn_o,
      .sck_o,
      .sd_o,
      .sd_oe_o,
      .sd_i
  );

endmodule
