// SPDX-License-Identifier: Apache-2.0
//
// mctp_router for links faster than its four cycles a packet: the same ports and the same decisions,
// but a byte a cycle without a gap. Three bytes are held back on their way, so that a packet's flags
// are at the entry when its first byte is at the exit.
module mctp_router_fast
  import sluice_pkg::*;
(
    input  logic            clk_i,
    input  logic            rst_ni,
    input  logic      [7:0] own_eid_i,
    input  pkt_byte_t       pkt_i,
    input  logic            pkt_valid_i,
    output logic            pkt_ready_o,
    output pkt_byte_t       stream_o,
    output logic      [1:0] stream_tag_o,    // of the packet, while its first byte is offered
    output logic            stream_valid_o,
    input  logic            stream_ready_i,
    output pkt_byte_t       proc_o,
    output logic            proc_valid_o,
    input  logic            proc_ready_i,
    output logic            drop_o           // one cycle a packet that was good but not for us
);

  pkt_byte_t [2:0] beat_q;  // 0 leaves first
  logic [2:0] there_q, move;
  logic inside_q;  // the first byte of the packet at the exit has left
  logic to_stream_q, to_stream, to_proc_q, to_proc;  // where it goes; neither: dropped

  // ---- the decision, while the first byte is at the exit ----------------------------------------
  logic is_short, decided, wanted, put, leave;

  always_comb begin
    is_short = pkt_valid_i && there_q == '1 && pkt_i.last;
    for (int unsigned i = 0; i < 3; i++) begin
      if (there_q[i] && beat_q[i].last) is_short = 1'b1;
    end
    decided = inside_q || is_short || (there_q == '1 && pkt_valid_i);
    wanted = !is_short && beat_q[0].data[3:0] == 4'd1 &&
        (beat_q[1].data == own_eid_i || beat_q[1].data == '0);
    to_stream = to_stream_q;
    to_proc = to_proc_q;
    if (!inside_q) begin
      to_stream = wanted && pkt_i.data[3:0] < 4'(StreamTags);
      to_proc   = wanted && !to_stream;
    end
  end

  // ---- the way ----------------------------------------------------------------------------------
  // A byte moves up when a place before it is empty or becomes so.
  assign put = there_q[0] && decided;
  assign stream_valid_o = put && to_stream;
  assign stream_tag_o = pkt_i.data[1:0];  // the flags
  assign proc_valid_o = put && to_proc;
  assign leave = put && (!to_stream || stream_ready_i) && (!to_proc || proc_ready_i);
  assign move = {leave || there_q != '1, leave || there_q[1:0] != '1, leave || !there_q[0]};
  assign pkt_ready_o = move[2];
  assign drop_o = leave && !to_stream && !to_proc && beat_q[0].last && !beat_q[0].err;

  always_comb begin
    stream_o = beat_q[0];
    if (!inside_q) stream_o.data[7:4] = '0;
    proc_o = stream_o;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      there_q  <= '0;
      inside_q <= 1'b0;
    end else begin
      if (move[0]) there_q[0] <= there_q[1];
      if (move[1]) there_q[1] <= there_q[2];
      if (move[2]) there_q[2] <= pkt_valid_i;
      if (leave) inside_q <= !beat_q[0].last;
    end
  end

  always_ff @(posedge clk_i) begin
    if (move[0]) beat_q[0] <= beat_q[1];
    if (move[1]) beat_q[1] <= beat_q[2];
    if (move[2]) beat_q[2] <= pkt_i;
    to_stream_q <= to_stream;
    to_proc_q   <= to_proc;
  end

`ifndef SYNTHESIS
  assert property (@(posedge clk_i) disable iff (!rst_ni)
                   pkt_valid_i && !pkt_ready_o |=>
                   pkt_valid_i && $stable(
      {pkt_i.err, pkt_i.last}
  ) && (pkt_i.err || $stable(
      pkt_i.data
  )));
  assert property (@(posedge clk_i) disable iff (!rst_ni)
                   stream_valid_o && !stream_ready_i |=> stream_valid_o && (stream_o.err || $stable(
      stream_o
  )));
  assert property (@(posedge clk_i) disable iff (!rst_ni)
                   proc_valid_o && !proc_ready_i |=> proc_valid_o && (proc_o.err || $stable(
      proc_o
  )));
  assert property (@(posedge clk_i) disable iff (!rst_ni) !(stream_valid_o && proc_valid_o));
`endif

endmodule
