using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Terminal;

namespace AkkaScale.Pbm.Invocation;

/// <summary>Looks again and again, until cancelled, and outlives the nodes it asks: that none answers is said once, and what happened meanwhile is seen afterwards.</summary>
internal static class Polling
{
    public static async Task RepeatAsync(TimeSpan interval, Func<Task> look, CancellationToken cancellation)
    {
        var isSilent = false;
        while (true)
        {
            try
            {
                await look().ConfigureAwait(false);
                isSilent = false;
            }
            catch (NodeUnreachableException unreachable)
            {
                if (!isSilent)
                {
                    Screen.Complain(unreachable.Message);
                }

                isSilent = true;
            }

            await Task.Delay(interval, TimeProvider.System, cancellation).ConfigureAwait(false);
        }
    }
}
