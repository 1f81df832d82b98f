using System.Collections.Immutable;

namespace AkkaScale.Journal.Writing;

/// <summary>
/// What an entity asked to have written in one go; it is also the promise of the outcome. Faulted when nothing was written, never a
/// result with an exception in it: Akka would take that for a rejection, and the actor would live on without its event.
/// </summary>
/// <remarks>
/// Continuations run on the thread that settles the request: they are Akka's, and short. A class of its own instead of a request with
/// a promise saves an allocation for each write.
/// </remarks>
internal sealed class WriteRequest : TaskCompletionSource<IImmutableList<Exception>>
{
    public WriteRequest(string persistenceId, Slice slice, JournalRow[] rows)
    {
        PersistenceId = persistenceId;
        Slice = slice;
        Rows = rows;
        foreach (var row in rows)
        {
            Bytes += row.Message.Length + RowOverhead;
        }
    }

    /// <summary>Ids, numbers and names of a row, roughly.</summary>
    private const int RowOverhead = 200;

    public string PersistenceId { get; }

    /// <summary>With the epoch of the moment of acceptance: a later one must not cover what was decided before it.</summary>
    public Slice Slice { get; }

    public JournalRow[] Rows { get; }

    public int Bytes { get; }

    /// <summary>How often its outcome was in doubt and then found to be "not written". Kept by <see cref="LaneMachine"/>.</summary>
    public int Doubts { get; set; }
}
