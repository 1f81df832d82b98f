namespace AkkaScale.Tests.Simulation;

/// <summary>What may go wrong on the way to the store and back; everything is off when healed.</summary>
internal sealed class StoreFaults
{
    public double LostRequest { get; set; }

    public double LostReply { get; set; }

    /// <summary>A request that is carried out after its sender gave it up.</summary>
    public double LateExecution { get; set; }

    public double SlowRequest { get; set; }

    public bool IsAway { get; set; }

    /// <summary>Reads work, writes fail.</summary>
    public bool IsReadOnly { get; set; }
}

/// <summary>
/// Carries one member's requests to the store, each within a timeout of its own clock. A reply is the result, or nothing when the outcome
/// is unknown; exactly one comes, or none if the member crashed.
/// </summary>
internal sealed class StoreLink(Simulator simulator, StoreFaults faults)
{
    public bool IsCut { get; set; }

    public void Call<T>(
        Func<T> execute, Action<T, bool> reply, TimeSpan timeout, Action<Action> deliver, bool isWrite = true, bool mayBeLate = true)
    {
        var isAnswered = false;
        simulator.After(timeout, () => Answer(default!, false));
        if (simulator.Chance(faults.LostRequest) || IsCut)
        {
            return;
        }

        if (mayBeLate && simulator.Chance(faults.LateExecution))
        {
            simulator.After(timeout + simulator.Between(0, 3), () => Execute(out _));
            return;
        }

        simulator.After(Delay(), () =>
        {
            if (Execute(out var result))
            {
                if (!simulator.Chance(faults.LostReply))
                {
                    simulator.After(Delay(), () => Answer(result, !IsCut));
                }
            }
            else
            {
                simulator.After(Delay(), () => Answer(default!, false));
            }
        });

        bool Execute(out T result)
        {
            if (faults.IsAway || (isWrite && faults.IsReadOnly))
            {
                result = default!;
                return false;
            }

            result = execute();
            return true;
        }

        void Answer(T result, bool isKnown)
        {
            if (!isAnswered)
            {
                isAnswered = true;
                deliver(() => reply(result, isKnown));
            }
        }
    }

    private TimeSpan Delay() => simulator.Chance(faults.SlowRequest) ? simulator.Between(0.01, 0.4) : simulator.Between(0.0002, 0.003);
}
