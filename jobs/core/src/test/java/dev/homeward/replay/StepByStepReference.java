package dev.homeward.replay;

import dev.homeward.catalog.Engine;
import dev.homeward.serving.Deployment;
import dev.homeward.serving.StepTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The slow and obvious simulator: one object a call, one step at a time, nothing skipped and
 * nothing counted ahead. What the product must equal, to the picosecond.
 */
final class StepByStepReference {
  static final class Call {
    final int index;
    final long arrival;
    final int prompt;
    final int cached;
    final int output;
    int computed;
    int generated;
    int blocks;
    long firstToken = -1;
    long finish = -1;

    Call(int index, long arrival, int prompt, int cached, int output) {
      this.index = index;
      this.arrival = arrival;
      this.prompt = prompt;
      this.cached = cached;
      this.output = output;
    }

    /**
     * Whether its prompt (again, after a preemption) is computed, so that it takes one token a
     * step.
     */
    boolean decoding;
  }

  long preemptions;
  long busy;
  long overflow;
  final List<Call> finished = new ArrayList<>();

  private final Deployment deployment;
  private final StepTime time;

  StepByStepReference(Deployment deployment) {
    this.deployment = deployment;
    this.time = StepTime.of(deployment);
  }

  void run(List<Call> calls, int replicas, int cap) {
    List<Server> servers = new ArrayList<>();
    for (int r = 0; r < replicas; r++) {
      servers.add(
          deployment.engine().scheduler() == Engine.Scheduler.SLOTS
              ? new SlotServer()
              : new BatchServer());
    }
    int next = 0;
    while (true) {
      long stepEnd = Long.MAX_VALUE;
      for (Server s : servers) {
        stepEnd = Math.min(stepEnd, s.end);
      }
      long arrival = next < calls.size() ? calls.get(next).arrival : Long.MAX_VALUE;
      if (arrival == Long.MAX_VALUE && stepEnd == Long.MAX_VALUE) {
        return;
      }
      // All arrivals of an instant come before the steps that end at it.
      if (arrival <= stepEnd) {
        Call call = calls.get(next++);
        Server best = servers.get(0);
        for (Server s : servers) {
          if (s.inFlight < best.inFlight) {
            best = s;
          }
        }
        if (best.inFlight >= cap) {
          overflow++;
        } else {
          best.inFlight++;
          best.waiting.addLast(call);
          if (best.end == Long.MAX_VALUE) {
            best.start = arrival;
            best.end = arrival;
          }
        }
      } else {
        for (Server s : servers) {
          if (s.end == stepEnd) {
            s.endStep();
            break;
          }
        }
      }
    }
  }

  private abstract class Server {
    final Deque<Call> waiting = new ArrayDeque<>();
    long start;
    long end = Long.MAX_VALUE;
    int inFlight;

    abstract void endStep();

    void finish(Call call, long now) {
      call.finish = now;
      finished.add(call);
      inFlight--;
    }
  }

  /** vLLM v1. */
  private final class BatchServer extends Server {
    final int block = deployment.engine().blockTokens();
    int free = (int) (deployment.kvCache().kvTokens() / block);
    final List<Call> running = new ArrayList<>();
    final List<Call> scheduled = new ArrayList<>();
    final List<Integer> tokens = new ArrayList<>();

    @Override
    void endStep() {
      long now = end;
      busy += now - start;
      for (int i = 0; i < scheduled.size(); i++) {
        Call call = scheduled.get(i);
        call.computed += tokens.get(i);
        int known = call.prompt + call.generated;
        if (call.computed == known) {
          call.generated++;
          if (call.generated == 1) {
            call.firstToken = now;
          }
          if (call.generated >= call.output) {
            running.remove(call);
            free += call.blocks;
            finish(call, now);
          } else {
            call.decoding = true;
          }
        }
      }
      schedule(now);
    }

    private void schedule(long now) {
      scheduled.clear();
      tokens.clear();
      start = now;
      if (running.isEmpty() && waiting.isEmpty()) {
        end = Long.MAX_VALUE;
        return;
      }
      int budget = time.maxBatchedTokens();
      boolean preempted = false;
      long duration = 0;
      for (int i = 0; i < running.size(); i++) {
        Call call = running.get(i);
        int wanted = Math.min(call.prompt + call.generated - call.computed, budget);
        if (wanted == 0) {
          continue;
        }
        int needed = blocksOf(call.computed + wanted) - call.blocks;
        boolean self = false;
        while (needed > free) {
          Call newest = running.remove(running.size() - 1);
          free += newest.blocks;
          newest.blocks = 0;
          newest.computed = 0;
          newest.decoding = false;
          waiting.addFirst(newest);
          preemptions++;
          preempted = true;
          if (newest == call) {
            self = true;
            break;
          }
        }
        if (self) {
          break;
        }
        duration += take(call, wanted, needed);
        budget -= wanted;
      }
      while (!preempted
          && budget > 0
          && !waiting.isEmpty()
          && running.size() < deployment.kvCache().maxSequences()) {
        Call call = waiting.peekFirst();
        int hit = call.cached;
        int wanted = Math.min(call.prompt + call.generated - hit, budget);
        int needed = blocksOf(hit + wanted);
        if (needed > free) {
          break;
        }
        waiting.removeFirst();
        call.computed = hit;
        running.add(call);
        duration += take(call, wanted, needed);
        budget -= wanted;
      }
      int total = tokens.stream().mapToInt(Integer::intValue).sum();
      end = now + duration + time.tokens(total) + time.sequencePicos() * scheduled.size();
    }

    // A decode's attention goes by its context, a prompt's by its pairs of query and key.
    private long take(Call call, int wanted, int needed) {
      free -= needed;
      call.blocks += needed;
      scheduled.add(call);
      tokens.add(wanted);
      return call.decoding
          ? time.contextPicos() * call.computed
          : time.pairPicos() * ((long) wanted * call.computed + (long) wanted * (wanted + 1) / 2);
    }

    private int blocksOf(int t) {
      return (t + block - 1) / block;
    }
  }

  /** llama.cpp. */
  private final class SlotServer extends Server {
    final int slots = deployment.kvCache().maxSequences();
    final Call[] inSlot = new Call[slots];
    final long[] cells = new long[slots];
    final int[] taken = new int[slots];

    @Override
    void endStep() {
      long now = end;
      busy += now - start;
      for (int s = 0; s < slots; s++) {
        Call call = inSlot[s];
        if (call == null) {
          continue;
        }
        call.computed += taken[s];
        boolean prompted = call.computed >= call.prompt;
        if (taken[s] > 0 && prompted) {
          call.generated++;
          if (call.generated == 1) {
            call.firstToken = now;
          }
          if (call.generated >= call.output) {
            inSlot[s] = null;
            finish(call, now);
          }
        }
      }
      schedule(now);
    }

    private void schedule(long now) {
      start = now;
      for (int s = 0; s < slots; s++) {
        if (inSlot[s] == null && !waiting.isEmpty()) {
          inSlot[s] = waiting.removeFirst();
          cells[s] = 0;
        }
        taken[s] = 0;
      }
      int total = 0;
      int sampled = 0;
      for (int s = 0; s < slots; s++) {
        if (inSlot[s] != null && inSlot[s].computed >= inSlot[s].prompt) {
          taken[s] = 1;
          total++;
          sampled++;
        }
      }
      for (int s = 0; s < slots; s++) {
        Call call = inSlot[s];
        if (call != null && call.computed < call.prompt) {
          taken[s] = Math.min(call.prompt - call.computed, time.maxBatchedTokens() - total);
          total += taken[s];
          if (taken[s] > 0 && call.computed + taken[s] == call.prompt) {
            sampled++;
          }
        }
      }
      if (total == 0) {
        end = Long.MAX_VALUE;
        return;
      }
      long inUse = 0;
      for (int s = 0; s < slots; s++) {
        cells[s] += taken[s];
        inUse += cells[s];
      }
      long duration = time.sequencePicos() * sampled;
      for (int left = total; left > 0; left -= time.passTokens()) {
        int pass = Math.min(left, time.passTokens());
        duration += time.tokens(pass) + inUse * (time.cellPicos() + time.cellTokenPicos() * pass);
      }
      end = now + duration;
    }
  }
}
