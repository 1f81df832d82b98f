using AkkaScale.Hosting.Facts;
using AkkaScale.LegacyCluster;

namespace AkkaScale.Hosting.EngineFacts;

/// <summary>Asks the present engine and tells its silence in the words of <see cref="Facts"/>.</summary>
internal static class EngineQuestions
{
    /// <exception cref="FactsUnavailableException">The store does not answer, or this node is no member.</exception>
    public static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (StoreUnavailableException unavailable)
        {
            throw new FactsUnavailableException(unavailable.Message, unavailable);
        }
    }
}
