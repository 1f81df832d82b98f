using System.Data.Common;
using Akka.Actor;
using AkkaScale.Domain.Tasks;
using AkkaScale.Entities;
using AkkaScale.Gateway.Comments;
using AkkaScale.Sharding;

namespace AkkaScale.Node.Comments;

/// <summary>Comments are the "commented" events of a task's rows.</summary>
/// <param name="system">Null while it does not run.</param>
internal sealed class EntityComments(Func<ActorSystem?> system) : ITaskComments
{
    public async Task<CommentPage?> ReadAsync(string task, long after, long upTo, int limit, CancellationToken cancellationToken)
    {
        if (system() is not { } running)
        {
            return null;
        }

        var history = EntitySharding.For(running).History;
        try
        {
            return await CommentPages.ReadAsync(ReadAsync, after, upTo, limit);
        }
        catch (Exception away) when (away is DbException or TimeoutException)
        {
            return null;
        }

        async Task<IReadOnlyList<StoredComment>> ReadAsync(long above, int wanted)
        {
            var events = await history.ReadAsync(
                new EntityKey(TaskEntity.Kind, task), above, wanted, CommentPages.EventType, cancellationToken);
            return [.. events.Select(row => new StoredComment(row.Version, row.EventType, row.Payload, row.At))];
        }
    }
}
