/// The version that both programs report.
package let watercoolerVersion = "0.1.0"
