package dev.homeward.replay;

/**
 * Shows calls that were sent at other times as if they had been sent when the log says.
 *
 * @param sent when each was sent
 * @param logged when the log says that it was
 */
record AsLogged(CallObserver observer, long[] sent, long[] logged) implements CallObserver {
  @Override
  public void finished(int call, long firstToken, long finish) {
    long earlier = sent[call] - logged[call];
    observer.finished(call, firstToken - earlier, finish - earlier);
  }

  @Override
  public boolean sawMiss() {
    return observer.sawMiss();
  }
}
