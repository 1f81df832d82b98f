using AkkaScale.Domain;
using AkkaScale.Domain.Tasks;
using AkkaScale.Gateway.Comments;

namespace AkkaScale.Node.Comments;

/// <summary>A "commented" event as some journal has it.</summary>
/// <param name="Version">The task's version after it.</param>
internal readonly record struct StoredComment(long Version, string EventType, ReadOnlyMemory<byte> Payload, DateTimeOffset At);

/// <summary>Makes pages of a task's comments out of what a journal has stored.</summary>
internal static class CommentPages
{
    public const string EventType = "commented";

    /// <summary>A page ends with the comment that brings it to so many stored bytes: a reader that takes its answer slowly holds it in memory all the while.</summary>
    private const int MaxPageBytes = 256 * 1024;

    /// <summary>Read at first; how large they are says how many may be read next.</summary>
    private const int FirstRead = 32;

    /// <param name="read">Comments above a version, in order, at most so many.</param>
    public static async Task<CommentPage> ReadAsync(
        Func<long, int, Task<IReadOnlyList<StoredComment>>> read, long after, long upTo, int limit) =>
        PageOf(await EventsAsync(read, after, limit), upTo, limit);

    /// <summary>The page's events and one more, which tells whether there is a next page; fewer than asked for where they are large.</summary>
    private static async Task<List<StoredComment>> EventsAsync(
        Func<long, int, Task<IReadOnlyList<StoredComment>>> read, long after, int limit)
    {
        var events = new List<StoredComment>();
        var bytes = 0L;
        var wanted = FirstRead;
        while (true)
        {
            wanted = Math.Min(wanted, limit + 1 - events.Count);
            var page = await read(events.Count == 0 ? after : events[^1].Version, wanted);
            events.AddRange(page);
            bytes += page.Sum(comment => (long)comment.Payload.Length);
            if (page.Count < wanted || events.Count > limit || bytes - events[^1].Payload.Length >= MaxPageBytes)
            {
                return events;
            }

            wanted = (int)Math.Clamp((MaxPageBytes - bytes) * events.Count / Math.Max(1, bytes), 1, limit + 1);
        }
    }

    private static CommentPage PageOf(List<StoredComment> events, long upTo, int limit)
    {
        var items = new List<TaskComment>();
        var bytes = 0L;
        while (items.Count < Math.Min(limit, events.Count) && events[items.Count].Version <= upTo && bytes < MaxPageBytes)
        {
            var stored = events[items.Count];
            bytes += stored.Payload.Length;
            var said = (TaskCommented)TaskSystem.Tasks.ReadEvent(stored.EventType, stored.Payload);
            items.Add(new TaskComment(stored.Version, said.By, said.Text, stored.At));
        }

        var isMore = items.Count < events.Count && events[items.Count].Version <= upTo;
        return new CommentPage(items, isMore ? items[^1].Version : null);
    }
}
