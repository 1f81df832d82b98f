using System.Collections.Concurrent;
using Akka.Actor;

namespace AkkaScale.Tests.Journal.Plugins;

/// <summary>What happened to the entities of a test that should not happen, or only where the test wants it.</summary>
internal sealed class EntityTally
{
    private readonly ConcurrentQueue<(string Id, string What)> _seen = new();

    public IReadOnlyCollection<(string Id, string What)> All => _seen;

    /// <summary>Of one kind; see the methods below.</summary>
    public IEnumerable<string> Ids(string what) =>
        _seen.Where(each => each.What.StartsWith(what, StringComparison.Ordinal)).Select(each => each.Id);

    public void Failed(string id, Exception cause) => _seen.Enqueue((id, $"failed: {cause.Message}"));

    public void Rejected(string id, Exception cause) => _seen.Enqueue((id, $"rejected: {cause.Message}"));

    public void NotRecovered(string id, Exception cause) => _seen.Enqueue((id, $"not recovered: {cause.Message}"));

    public void Stopped(string id) => _seen.Enqueue((id, "stopped"));

    /// <summary>Waits until all have recovered; if they do not, it says what the entities met.</summary>
    public async Task ReadyAsync(IEnumerable<IActorRef> entities, TimeSpan patience)
    {
        var answers = entities.Select(entity => entity.Ask<string[]>(new Entity.Texts(), patience)).ToArray();
        try
        {
            await Task.WhenAll(answers);
        }
        catch (AskTimeoutException)
        {
            var missing = answers.Count(answer => !answer.IsCompletedSuccessfully);
            Assert.Fail($"{missing} of {answers.Length} entities did not recover. {string.Join("; ", _seen.Take(10))}");
        }
    }
}
