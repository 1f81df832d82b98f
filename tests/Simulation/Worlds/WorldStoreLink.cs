using AkkaScale.Tests.Model;

namespace AkkaScale.Tests.Simulation.Worlds;

/// <summary>
/// Carries one process's requests to the store, each within a timeout of its own clock. A reply is the result, or nothing when the outcome is unknown;
/// exactly one comes, or none if the process ends.
/// </summary>
internal sealed class WorldStoreLink(World world, string node)
{
    private readonly Random _random = world.Config.Streams.Of($"store/{node}");

    public bool IsCutOut { get; set; }

    public bool IsCutIn { get; set; }

    /// <param name="timeout">In true time.</param>
    public void Call<T>(
        Func<StoreModel, T> execute, Action<T, bool> reply, TimeSpan timeout, Action<Action> deliver, bool isWrite = true, bool mayBeLate = true)
    {
        var noise = world.Noise;
        var life = world.StoreLife;
        var (isLost, isLate, isReplyLost) = (_random.Chance(noise.LostRequest), _random.Chance(noise.LateExecution), _random.Chance(noise.LostReply));
        var (there, back, late) = (Delay(noise), Delay(noise), _random.Between(0, 3));
        var call = new PendingCall<T>(reply, deliver);
        if (isLost || IsCutOut || (isLate && mayBeLate))
        {
            world.Agenda.After(timeout, call.GiveUp);
            if (!isLost && !IsCutOut)
            {
                world.Agenda.After(timeout + late, () => Execute(out _));
            }

            return;
        }

        world.Agenda.After(there, () =>
        {
            if (!Execute(out var result))
            {
                world.Agenda.After(back, call.GiveUp);
            }
            else if (isReplyLost || IsCutIn)
            {
                world.Agenda.After(timeout, call.GiveUp);
            }
            else
            {
                world.Agenda.After(back, () =>
                {
                    if (life != world.StoreLife || IsCutIn)
                    {
                        call.GiveUp();
                    }
                    else
                    {
                        call.Answer(result);
                    }
                });
            }
        });

        bool Execute(out T result)
        {
            // What was under way to a server that went does not reach the one that came.
            if (life != world.StoreLife || world.IsStoreAway || (isWrite && world.IsStoreReadOnly))
            {
                result = default!;
                return false;
            }

            result = execute(world.Store);
            return true;
        }
    }

    private TimeSpan Delay(Noise noise)
    {
        var (isSlow, quick, slow) = (_random.Chance(noise.SlowRequest), _random.Between(0.0002, 0.003), _random.Between(0.01, 0.4));
        return isSlow ? slow : quick;
    }

    private sealed class PendingCall<T>(Action<T, bool> reply, Action<Action> deliver)
    {
        public void Answer(T result) => deliver(() => reply(result, true));

        public void GiveUp() => deliver(() => reply(default!, false));
    }
}
