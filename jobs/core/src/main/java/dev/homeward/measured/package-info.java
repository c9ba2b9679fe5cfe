/**
 * What people measured: serving points, benches of llama.cpp, runs call by call, watts. Read from
 * the files that benchmark programs write. Knows nothing of the model of serving.
 */
package dev.homeward.measured;
