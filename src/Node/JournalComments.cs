using AkkaScale.Domain;
using AkkaScale.Domain.Tasks;
using AkkaScale.Entities;
using AkkaScale.Gateway.Comments;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;

namespace AkkaScale.Node;

/// <summary>Comments are the "commented" events of a task's journal.</summary>
public sealed class JournalComments(IEntityHistory history) : ITaskComments
{
    /// <summary>A page ends with the comment that brings it to so many stored bytes: a reader that takes its answer slowly holds it in memory all the while.</summary>
    private const int MaxPageBytes = 256 * 1024;

    /// <summary>Read at first; how large they are says how many may be read next.</summary>
    private const int FirstRead = 32;

    private static readonly string[] CommentEvents = ["commented"];

    public async Task<CommentPage?> ReadAsync(string task, long after, long upTo, int limit, CancellationToken cancellationToken)
    {
        try
        {
            return PageOf(await EventsAsync(new(TaskEntity.Kind, task), after, limit, cancellationToken), upTo, limit);
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    /// <summary>The page's events and one more, which tells whether there is a next page; fewer than asked for where they are large.</summary>
    private async Task<List<JournalEvent>> EventsAsync(EntityKey task, long after, int limit, CancellationToken cancellationToken)
    {
        var events = new List<JournalEvent>();
        var bytes = 0L;
        var wanted = FirstRead;
        while (true)
        {
            wanted = Math.Min(wanted, limit + 1 - events.Count);
            var read = await history.ReadAsync(task, events.Count == 0 ? after : events[^1].SequenceNr, wanted, CommentEvents, cancellationToken);
            events.AddRange(read);
            bytes += read.Sum(comment => (long)comment.Payload.Length);
            if (read.Count < wanted || events.Count > limit || bytes - events[^1].Payload.Length >= MaxPageBytes)
            {
                return events;
            }

            wanted = (int)Math.Clamp((MaxPageBytes - bytes) * events.Count / Math.Max(1, bytes), 1, limit + 1);
        }
    }

    private static CommentPage PageOf(List<JournalEvent> events, long upTo, int limit)
    {
        var items = new List<TaskComment>();
        var bytes = 0L;
        while (items.Count < Math.Min(limit, events.Count) && events[items.Count].SequenceNr <= upTo && bytes < MaxPageBytes)
        {
            var stored = events[items.Count];
            bytes += stored.Payload.Length;
            var said = (TaskCommented)TaskSystem.Tasks.ReadEvent(stored.EventType, stored.Payload);
            items.Add(new TaskComment(stored.SequenceNr, said.By, said.Text, stored.At));
        }

        var isMore = items.Count < events.Count && events[items.Count].SequenceNr <= upTo;
        return new CommentPage(items, isMore ? items[^1].Version : null);
    }
}
