// SPDX-License-Identifier: Apache-2.0
//
// Four receivers and four transmitters with the dividers 4, 5, 8 and 25 side by side, for mctp_uart.cpp.
module mctp_uart_bench (
    input  logic            clk_i,
    input  logic            rst_ni,
    input  logic [3:0]      rx_i,
    output logic [3:0][7:0] rx_data_o,
    output logic [3:0]      rx_valid_o,
    output logic [3:0]      rx_err_o,
    input  logic [3:0][7:0] tx_data_i,
    input  logic [3:0]      tx_valid_i,
    output logic [3:0]      tx_ready_o,
    output logic [3:0]      tx_o
);

  localparam logic [3:0][7:0] Dividers = {8'd25, 8'd8, 8'd5, 8'd4};

  for (genvar i = 0; i < 4; i++) begin : gen_divider
    uart_rx #(
        .ClkDiv(int'(Dividers[i]))
    ) u_rx (
        .clk_i,
        .rst_ni,
        .rx_i   (rx_i[i]),
        .data_o (rx_data_o[i]),
        .valid_o(rx_valid_o[i]),
        .err_o  (rx_err_o[i])
    );
    uart_tx #(
        .ClkDiv(int'(Dividers[i]))
    ) u_tx (
        .clk_i,
        .rst_ni,
        .data_i (tx_data_i[i]),
        .valid_i(tx_valid_i[i]),
        .ready_o(tx_ready_o[i]),
        .tx_o   (tx_o[i])
    );
  end

endmodule
