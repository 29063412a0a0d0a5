/// The version that `martlet --version` tells.
package let martletVersion = "0.1.0"
