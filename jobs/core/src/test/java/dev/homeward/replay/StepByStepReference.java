package dev.homeward.replay;

import dev.homeward.catalog.Scheduling;
import dev.homeward.serving.Deployment;
import dev.homeward.serving.StepTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.PriorityQueue;

/**
 * The slow and obvious simulator: one object a call, one step at a time, nothing skipped and
 * nothing counted ahead. What the product must equal, to the picosecond.
 */
final class StepByStepReference {
  static final class Call {
    final int index;
    final int prompt;
    final int cached;
    final int output;
    long arrival;

    /** The call sent so long after the end of this one, and how long this one took at the API. */
    Call next;

    long think;
    long duration;
    boolean chained;

    /**
     * Its session, what of its prompt the session's calls had, and what all sessions' calls have.
     */
    Long session;

    int findable;
    int common;
    int computed;
    int generated;
    int blocks;

    /** Whole blocks when it was preempted. */
    int whole;

    /** Whether it was preempted. */
    boolean again;

    /** Context that drafted tokens would have added, there from the start. */
    int atOnce;

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

  /** Blocks that preempted calls found again. */
  long foundAgain;

  long busy;
  long overflow;

  /** The calls that went to the API, by index. */
  final List<Integer> atApi = new ArrayList<>();

  long refused;
  long coldStarts;
  long up;

  /** Most calls that waited at once, on all servers, and how many wait now. */
  int peakWaiting;

  private int nowWaiting;
  private long mostSlow = Long.MAX_VALUE;
  private long slowAfterMicros;
  private long slow;
  final List<Call> finished = new ArrayList<>();

  /** Prompt tokens found, and how often a session's, another's or a running call's blocks were. */
  long foundTokens;

  long ownFound;
  long commonFound;
  long runningFound;
  long moved;

  private final Map<Long, Server> lastServer = new HashMap<>();

  /** A session's last call on a server; its blocks are its own while it runs. */
  private static final class Kept {
    final Call call;
    final boolean runs;
    int whole;

    Kept(Call call, boolean runs, int whole) {
      this.call = call;
      this.runs = runs;
      this.whole = whole;
    }
  }

  private final Deployment deployment;
  private final StepTime time;
  private final PriorityQueue<Call> toSend =
      new PriorityQueue<>(
          Comparator.comparingLong((Call c) -> c.arrival).thenComparingInt(c -> c.index));
  private int width = 1;
  private double draftShare;
  private long releaseAfter = Long.MAX_VALUE;
  private long coldStart;

  StepByStepReference(Deployment deployment) {
    this.deployment = deployment;
    this.time = StepTime.of(deployment);
  }

  /** Gives replicas back that idle so long, picoseconds. */
  void release(long afterPicos, long startPicos) {
    this.releaseAfter = afterPicos;
    this.coldStart = startPicos;
  }

  /** Stops before the next step when more calls waited longer than so for their first token. */
  void cut(long most, long afterMicros) {
    this.mostSlow = most;
    this.slowAfterMicros = afterMicros;
  }

  /**
   * Every decoding sequence takes so many tokens of a step, and drafting that share of its time.
   */
  void speculate(int tokens, double share) {
    this.width = tokens;
    this.draftShare = share;
  }

  void run(List<Call> calls, int replicas, int cap) {
    List<Server> servers = new ArrayList<>();
    for (int r = 0; r < replicas; r++) {
      servers.add(deployment.engine().scheduling().match(new ServerMaker()));
    }
    calls.stream().filter(c -> !c.chained).forEach(toSend::add);
    while (true) {
      Server first = servers.get(0);
      for (Server s : servers) {
        if (s.end < first.end) {
          first = s;
        }
      }
      long arrival = toSend.isEmpty() ? Long.MAX_VALUE : toSend.peek().arrival;
      if (arrival == Long.MAX_VALUE && first.end == Long.MAX_VALUE) {
        break;
      }
      // All arrivals of an instant come before the steps that end at it.
      if (arrival <= first.end) {
        send(toSend.poll(), servers, cap);
      } else if (slow > mostSlow - overflow / 20) {
        return;
      } else {
        first.endStep();
      }
    }
    long end = finished.stream().mapToLong(c -> c.finish).max().orElse(0);
    for (Server s : servers) {
      if (s.started) {
        up += s.upBefore + Math.min(end, s.idleSince + releaseAfter) - s.upSince;
      }
    }
  }

  private void send(Call call, List<Server> servers, int cap) {
    long now = call.arrival;
    Server best = servers.get(0);
    for (Server s : servers) {
      if (s.inFlight < best.inFlight) {
        best = s;
      }
    }
    OptionalInt most = deployment.engine().scheduling().maxQueue();
    Server last = call.session == null ? null : lastServer.get(call.session);
    if (last != null
        && last.waiting.size() < most.orElse(Integer.MAX_VALUE)
        && last.inFlight < cap
        && !(last.inFlight > best.inFlight + 4 && last.inFlight > 1.5 * best.inFlight)) {
      moved += last == best ? 0 : 1;
      best = last;
    }
    if (most.isPresent() && best.waiting.size() >= most.getAsInt()) {
      refused++;
      overflow++;
      atApi.add(call.index);
      sendNext(call, now + call.duration);
    } else if (best.inFlight >= cap) {
      overflow++;
      atApi.add(call.index);
      sendNext(call, now + call.duration);
    } else {
      if (call.session != null) {
        lastServer.put(call.session, best);
      }
      best.inFlight++;
      best.waiting.addLast(call);
      waits(1);
      if (best.end == Long.MAX_VALUE) {
        best.start = now;
        best.end = now + best.wake(now);
      }
    }
  }

  private void waits(int more) {
    nowWaiting += more;
    peakWaiting = Math.max(peakWaiting, nowWaiting);
  }

  private void sendNext(Call call, long end) {
    if (call.next != null) {
      call.next.arrival = end + call.next.think;
      toSend.add(call.next);
    }
  }

  private abstract class Server {
    final Deque<Call> waiting = new ArrayDeque<>();
    long start;
    long end = Long.MAX_VALUE;
    int inFlight;
    boolean started;
    long idleSince;
    long upSince;
    long upBefore;

    abstract void endStep();

    abstract void forget();

    long wake(long now) {
      boolean first = !started;
      started = true;
      long idle = now - idleSince;
      if (releaseAfter != Long.MAX_VALUE && (first || idle > releaseAfter)) {
        if (!first) {
          upBefore += idleSince + releaseAfter - upSince;
        }
        upSince = now;
        coldStarts++;
        forget();
        return coldStart;
      }
      Optional<Scheduling.KeepAlive> kept = deployment.engine().scheduling().keepAlive();
      if (kept.isPresent()) {
        double keep = kept.get().idleSeconds().value() * 1e12;
        if (first || idle > keep) {
          coldStarts++;
          forget();
          return Math.round(deployment.loadSeconds() * 1e12);
        }
      }
      return 0;
    }

    void idle(long now) {
      end = Long.MAX_VALUE;
      idleSince = now;
    }

    void finish(Call call, long now) {
      call.finish = now;
      finished.add(call);
      slow +=
          (call.firstToken - call.arrival + time.callPicos()) / 1_000_000 > slowAfterMicros ? 1 : 0;
      inFlight--;
      sendNext(call, now + time.callPicos());
    }
  }

  /** The twin of each way of scheduling. */
  private final class ServerMaker implements Scheduling.Cases<Server> {
    @Override
    public Server continuousBatching(Scheduling.ContinuousBatching scheduling) {
      return new BatchServer(
          scheduling.blockTokens(),
          scheduling.reservation() == Scheduling.KvReservation.WHOLE_OUTPUT);
    }

    @Override
    public Server prefillFirst(Scheduling.PrefillFirst scheduling) {
      return new PromptsFirstServer(
          scheduling.blockTokens(),
          scheduling.reservation() == Scheduling.KvReservation.WHOLE_OUTPUT,
          Integer.MAX_VALUE);
    }

    @Override
    public Server smallBatch(Scheduling.SmallBatch scheduling) {
      return new PromptsFirstServer(
          scheduling.blockTokens(),
          scheduling.reservation() == Scheduling.KvReservation.WHOLE_OUTPUT,
          1);
    }

    @Override
    public Server slots(Scheduling.Slots scheduling) {
      return ofSlots(scheduling);
    }

    @Override
    public Server keepAliveSlots(Scheduling.KeepAliveSlots scheduling) {
      return ofSlots(scheduling);
    }

    private Server ofSlots(Scheduling scheduling) {
      return scheduling.kvBuffer() == Scheduling.KvBuffer.STREAMS
          ? new StreamServer()
          : new SlotServer();
    }
  }

  /** vLLM v1, and TensorRT-LLM where output is reserved. */
  /** Blocks that were given back together; an owner's last ones are taken first. */
  private static final class Freed {
    Call owner;
    int blocks;

    Freed(Call owner, int blocks) {
      this.owner = owner;
      this.blocks = blocks;
    }
  }

  private class BatchServer extends Server {
    final int block;
    final boolean reservesOutput;
    int free;

    /** Blocks of a sequence's recurrent state. */
    final int state;

    /** Free blocks in order: whose they were, where that is a preempted call's, and how many. */
    final List<Freed> queue = new ArrayList<>();

    final List<Call> running = new ArrayList<>();
    final List<Call> scheduled = new ArrayList<>();
    final List<Integer> tokens = new ArrayList<>();

    /** What it holds of each session, and the session that a call ended of last. */
    final Map<Long, Kept> kept = new HashMap<>();

    Long lastEnded;

    BatchServer(int block, boolean reservesOutput) {
      this.block = block;
      this.reservesOutput = reservesOutput;
      this.state = deployment.kvCache().stateTokens() / block;
      give(null, (int) (deployment.kvCache().kvTokens() / block));
    }

    void give(Call owner, int blocks) {
      queue.add(new Freed(owner, blocks));
      free += blocks;
    }

    void eat(int blocks) {
      free -= blocks;
      for (int left = blocks; left > 0; ) {
        Freed head = queue.get(0);
        int some = Math.min(left, head.blocks);
        head.blocks -= some;
        left -= some;
        if (head.blocks == 0) {
          queue.remove(0);
        }
      }
    }

    /** Whole blocks of a call that still stand in the queue; the last of them are taken first. */
    int standing(Call call, int whole) {
      return queue.stream()
          .filter(f -> f.owner == call)
          .mapToInt(f -> Math.min(f.blocks, whole))
          .findFirst()
          .orElse(0);
    }

    @Override
    void forget() {
      kept.clear();
      lastEnded = null;
    }

    /** Whose blocks a call takes over: its own after a preemption, or its session's last call's. */
    Call owner(Call call) {
      if (call.again) {
        return call;
      }
      Kept of = kept.get(call.session);
      return of != null && !of.runs ? of.call : null;
    }

    /** Blocks that a call takes over. */
    int found(Call call) {
      Call owner = owner(call);
      if (owner == null) {
        return 0;
      }
      // What is left of a preempted call is of no use without its recurrent state.
      if (owner == call && state > 0) {
        return 0;
      }
      return owner == call
          ? standing(call, call.whole)
          : Math.min(standing(owner, kept.get(call.session).whole), call.findable / block);
    }

    int held(Long session) {
      Kept of = kept.get(session);
      if (of == null) {
        return 0;
      }
      return of.runs ? of.whole : standing(of.call, of.whole);
    }

    /** Prompt tokens that a call need not compute. */
    int known(Call call) {
      if (call.again) {
        return Math.max(call.cached, found(call) * block);
      }
      if (call.session == null) {
        return call.cached;
      }
      int own = Math.min(held(call.session), call.findable / block);
      int common = lastEnded == null ? 0 : Math.min(held(lastEnded), call.common / block);
      return call.cached + Math.max(own, common) * block;
    }

    /** Notes what sort of prefix a call found. */
    private void note(Call call, int known) {
      foundTokens += known - call.atOnce;
      int own = Math.min(held(call.session), call.findable / block);
      Kept of = kept.get(call.session);
      ownFound += own > 0 && !of.runs ? 1 : 0;
      runningFound += own > 0 && of.runs ? 1 : 0;
      commonFound += known - call.cached > own * block ? 1 : 0;
    }

    @Override
    void endStep() {
      long now = end;
      // A start from idle, or a load, is no step.
      busy += scheduled.isEmpty() ? 0 : now - start;
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
            give(call, call.blocks);
            give(null, state);
            if (call.session != null) {
              kept.put(call.session, new Kept(call, false, call.computed / block));
              lastEnded = call.session;
            }
            finish(call, now);
          } else {
            Kept of = kept.get(call.session);
            if (!call.decoding && of != null && of.runs) {
              of.whole = call.computed / block;
            }
            call.decoding = true;
          }
        }
      }
      scheduled.clear();
      tokens.clear();
      start = now;
      if (running.isEmpty() && waiting.isEmpty()) {
        idle(now);
        return;
      }
      schedule(now);
    }

    void schedule(long now) {
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
        int before = running.size();
        boolean self = makeRoom(call, needed);
        preempted |= running.size() < before;
        if (self) {
          break;
        }
        duration += take(call, wanted, needed);
        budget -= call.decoding ? width : wanted;
      }
      while (!preempted && budget > 0 && mayAdmit()) {
        Call call = waiting.peekFirst();
        int known = known(call);
        int wanted = Math.min(call.prompt + call.generated - known, budget);
        int needed = blocksOf(known + wanted);
        if (needed + state > free) {
          break;
        }
        duration += take(call, wanted, needed - admit(call));
        budget -= wanted;
      }
      run(now, duration);
    }

    void run(long now, long duration) {
      int total = tokens.stream().mapToInt(Integer::intValue).sum();
      int decoding = (int) scheduled.stream().filter(c -> c.decoding).count();
      total += decoding * (width - 1);
      if (decoding < scheduled.size()) {
        long context = scheduled.stream().filter(c -> c.decoding).mapToLong(c -> c.computed).sum();
        duration += (time.mixedContextPicos() - time.contextPicos()) * context;
      }
      if (decoding > 0 && draftShare > 0) {
        duration += Math.round(draftShare * time.tokens(decoding * width));
      }
      end = now + duration + time.tokens(total) + time.sequencePicos() * scheduled.size();
    }

    /** Preempts the newest until so many blocks are free; whether the call itself had to go. */
    boolean makeRoom(Call call, int needed) {
      while (needed > free) {
        Call newest = running.remove(running.size() - 1);
        give(newest, newest.blocks);
        give(null, state);
        newest.whole = newest.computed / block;
        newest.blocks = 0;
        newest.computed = 0;
        newest.decoding = false;
        newest.again = true;
        Kept of = kept.get(newest.session);
        if (of != null && of.runs) {
          of.whole = 0;
        }
        waiting.addFirst(newest);
        waits(1);
        preemptions++;
        if (newest == call) {
          return true;
        }
      }
      return false;
    }

    boolean mayAdmit() {
      if (waiting.isEmpty()
          || running.size()
              >= Math.min(deployment.kvCache().maxSequences(), time.maxBatchedTokens() / width)) {
        return false;
      }
      if (!reservesOutput) {
        return true;
      }
      int promised = whole(waiting.peekFirst());
      for (Call call : running) {
        promised += whole(call);
      }
      return promised <= deployment.kvCache().kvTokens() / block;
    }

    private int whole(Call call) {
      return blocksOf(call.prompt + Math.max(call.output, 1) - 1) + state;
    }

    /** Admits a call; how many of its blocks it found again. */
    int admit(Call call) {
      int found = found(call);
      Call owner = owner(call);
      waiting.removeFirst();
      waits(-1);
      call.computed = known(call);
      call.blocks = found;
      foundAgain += call.again ? found : 0;
      free -= found;
      if (!call.again) {
        note(call, call.computed);
        if (call.session != null) {
          int whole = (call.computed - call.cached) / block;
          kept.put(call.session, new Kept(call, true, whole));
        }
      }
      for (Freed freed : queue) {
        if (owner != null && freed.owner == owner) {
          freed.blocks -= found;
          freed.owner = null;
        }
      }
      queue.removeIf(freed -> freed.blocks == 0);
      eat(state);
      running.add(call);
      return found;
    }

    // A decode's attention goes by its context, a prompt's by its pairs of query and key.
    long take(Call call, int wanted, int needed) {
      eat(needed);
      call.blocks += needed;
      scheduled.add(call);
      tokens.add(wanted);
      return call.decoding
          ? time.contextPicos() * call.computed
          : time.pairPicos() * ((long) wanted * call.computed + (long) wanted * (wanted + 1) / 2);
    }

    int blocksOf(int t) {
      return (t + block - 1) / block;
    }
  }

  /** SGLang, and MLX with one prompt a step. */
  private final class PromptsFirstServer extends BatchServer {
    final int most;

    PromptsFirstServer(int block, boolean reservesOutput, int most) {
      super(block, reservesOutput);
      this.most = most;
    }

    @Override
    void schedule(long now) {
      int budget = time.maxBatchedTokens();
      long duration = 0;
      for (Call call : running) {
        // At most one prompt was begun and not finished.
        if (!call.decoding) {
          int wanted = Math.min(call.prompt + call.generated - call.computed, budget);
          int needed = blocksOf(call.computed + wanted) - call.blocks;
          if (needed <= free) {
            duration += take(call, wanted, needed);
            budget -= wanted;
          }
        }
      }
      boolean begun = running.stream().anyMatch(c -> !c.decoding);
      boolean blocked = begun && scheduled.isEmpty();
      while (!blocked && budget > 0 && scheduled.size() < most && mayAdmit()) {
        Call last = scheduled.isEmpty() ? null : scheduled.get(scheduled.size() - 1);
        if (last != null
            && last.computed + tokens.get(tokens.size() - 1) < last.prompt + last.generated) {
          break;
        }
        Call call = waiting.peekFirst();
        int known = known(call);
        int wanted = Math.min(call.prompt + call.generated - known, budget);
        int needed = blocksOf(known + wanted);
        if (needed + state > free) {
          break;
        }
        duration += take(call, wanted, needed - admit(call));
        budget -= wanted;
      }
      if (scheduled.isEmpty()) {
        for (int i = 0; i < running.size(); i++) {
          Call call = running.get(i);
          if (!call.decoding) {
            continue;
          }
          int needed = blocksOf(call.computed + 1) - call.blocks;
          if (makeRoom(call, needed)) {
            break;
          }
          duration += take(call, 1, needed);
        }
      }
      run(now, duration);
    }
  }

  /** llama.cpp, Ollama, LM Studio: the KV buffer cell by cell. */
  private class SlotServer extends Server {
    final int slots = deployment.kvCache().maxSequences();
    final Call[] inSlot = new Call[slots];
    final int[] taken = new int[slots];
    final Deque<Integer> free = new ArrayDeque<>();

    /** Slots whose tokens a cell's run holds, one list object a run; null in a free cell. */
    final List<Integer>[] cells = cells((int) deployment.kvCache().kvTokens());

    final int[] live = new int[slots];
    long lag;
    int head;
    boolean stepping;

    SlotServer() {
      for (int s = 0; s < slots; s++) {
        free.addLast(s);
      }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static List<Integer>[] cells(int n) {
      return new List[n];
    }

    @Override
    void endStep() {
      long now = end;
      busy += stepping ? now - start : 0;
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
            free.addLast(s);
            finish(call, now);
          }
        }
      }
      schedule(now);
    }

    private void schedule(long now) {
      start = now;
      while (!free.isEmpty() && !waiting.isEmpty()) {
        Call call = waiting.removeFirst();
        waits(-1);
        int s = slotFor(call);
        free.remove((Integer) s);
        inSlot[s] = call;
        call.computed = keep(s, call);
        foundTokens += call.computed;
        remove(s);
      }
      // Every token of the iteration by its slot, decoding slots first.
      List<Integer> tokens = new ArrayList<>();
      int sampled = 0;
      java.util.Arrays.fill(taken, 0);
      List<Integer> decoding = new ArrayList<>();
      for (int s = 0; s < slots; s++) {
        if (inSlot[s] != null && inSlot[s].computed >= inSlot[s].prompt) {
          taken[s] = 1;
          tokens.add(s);
          decoding.add(s);
          sampled++;
        }
      }
      for (int s = 0; s < slots; s++) {
        Call call = inSlot[s];
        if (call != null && call.computed < call.prompt) {
          taken[s] = Math.min(call.prompt - call.computed, time.maxBatchedTokens() - tokens.size());
          for (int t = 0; t < taken[s]; t++) {
            tokens.add(s);
          }
          if (taken[s] > 0 && call.computed + taken[s] == call.prompt) {
            sampled++;
          }
        }
      }
      stepping = !tokens.isEmpty();
      if (!stepping) {
        idle(now);
        return;
      }
      // The device takes one pass after the other; the host prepares the next one meanwhile.
      long prepared = time.clear(slots);
      long through = lag;
      for (int from = 0; from < tokens.size(); from += time.passTokens()) {
        int n = Math.min(time.passTokens(), tokens.size() - from);
        long[] cost = pass(tokens, from, n, decoding);
        prepared += cost[0];
        long begins = Math.max(prepared, through);
        prepared = begins;
        through = begins + time.tokens(n) + cost[1];
      }
      // Prompts that are not yet through sample nothing: the host does not wait for the device.
      lag = sampled == 0 ? through - prepared : 0;
      end = sampled == 0 ? now + prepared : now + through + time.sampling(sampled);
    }

    int slotFor(Call call) {
      return free.peekFirst();
    }

    /** Tokens of a call's prompt that its slot holds. */
    int keep(int slot, Call call) {
      return 0;
    }

    @Override
    void forget() {
      java.util.Arrays.fill(cells, null);
      java.util.Arrays.fill(live, 0);
      head = 0;
    }

    // Host's and attention's time of the pass over these tokens of an iteration.
    long[] pass(List<Integer> tokens, int from, int n, List<Integer> decoding) {
      int at = find(n);
      List<Integer> shared = new ArrayList<>(decoding);
      for (int t = 0; t < n; t++) {
        int slot = tokens.get(from + t);
        live[slot]++;
        cells[at + t] = from + t < decoding.size() ? shared : new ArrayList<>(List.of(slot));
      }
      head = at + n == cells.length ? 0 : at + n;
      int top = cells.length;
      while (cells[top - 1] == null) {
        top--;
      }
      return new long[] {time.host(top, n), time.cells(top, n)};
    }

    // A run of decoded tokens is free when the last of its slots is.
    void remove(int slot) {
      int first = -1;
      for (int c = 0; c < cells.length; c++) {
        if (cells[c] != null && cells[c].contains(slot)) {
          first = first < 0 ? c : first;
        }
      }
      for (int c = 0; c < cells.length; c++) {
        if (cells[c] != null) {
          cells[c].remove((Integer) slot);
        }
      }
      for (int c = 0; c < cells.length; c++) {
        if (cells[c] != null && cells[c].isEmpty()) {
          cells[c] = null;
        }
      }
      if (first >= 0 && first < head) {
        head = first;
      }
      live[slot] = 0;
    }

    private int find(int n) {
      int used = java.util.Arrays.stream(live).sum();
      if (head > used + 2 * n) {
        head = 0;
      }
      for (int from : new int[] {head, 0}) {
        for (int at = from; at + n <= cells.length; at++) {
          boolean open = true;
          for (int c = at; c < at + n && open; c++) {
            open = cells[c] == null;
          }
          if (open) {
            return at;
          }
        }
      }
      java.util.Arrays.fill(cells, null);
      int at = 0;
      for (int s = 0; s < slots; s++) {
        for (int t = 0; t < live[s]; t++) {
          cells[at++] = new ArrayList<>(List.of(s));
        }
      }
      return at;
    }
  }

  /** llama.cpp with a KV buffer a slot: every token by its own context. */
  private final class StreamServer extends SlotServer {
    final Call[] held = new Call[slots];

    @Override
    void remove(int slot) {}

    @Override
    void forget() {
      java.util.Arrays.fill(held, null);
    }

    @Override
    int slotFor(Call call) {
      for (int slot : free) {
        if (call.session != null && held[slot] != null && call.session.equals(held[slot].session)) {
          return slot;
        }
      }
      return free.peekFirst();
    }

    @Override
    int keep(int slot, Call call) {
      Call before = held[slot];
      held[slot] = call;
      if (call.session == null) {
        return call.cached;
      }
      if (before == null || before.session == null) {
        return 0;
      }
      boolean own = before.session.equals(call.session);
      ownFound += own ? 1 : 0;
      commonFound += !own && call.common > 0 ? 1 : 0;
      return Math.min(before.computed, own ? call.findable : call.common);
    }

    @Override
    long[] pass(List<Integer> tokens, int from, int n, List<Integer> decoding) {
      long attention = 0;
      for (int at = from; at < from + n; ) {
        int slot = tokens.get(at);
        if (at < decoding.size()) {
          attention += time.contextPicos() * (inSlot[slot].computed + 1);
          at++;
          continue;
        }
        // Tokens of the slot's prompt that earlier passes of this iteration took.
        int earlier = 0;
        for (int before = decoding.size(); before < at; before++) {
          earlier += tokens.get(before) == slot ? 1 : 0;
        }
        int some = 0;
        while (at < from + n && tokens.get(at) == slot) {
          some++;
          at++;
        }
        attention += time.prompt(some, inSlot[slot].computed + earlier);
      }
      return new long[] {time.host(0, n), attention};
    }
  }
}
