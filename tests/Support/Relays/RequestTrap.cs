using System.Text;

namespace AkkaScale.Tests.Support.Relays;

/// <summary>When the link of one statement breaks.</summary>
public enum Moment
{
    /// <summary>Nothing of the statement reaches the server.</summary>
    BeforeTheStatement,

    /// <summary>The statement has been executed; the message that commits it is lost. Its transaction stays open, with its locks.</summary>
    BeforeCommit,

    /// <summary>The message that commits is on its way when the link breaks: either outcome.</summary>
    AtCommit,

    /// <summary>It is committed; the answer is lost.</summary>
    AfterCommit,
}

/// <summary>How it breaks.</summary>
public enum Manner
{
    /// <summary>Both ends are told at once.</summary>
    Cut,

    /// <summary>Neither end is told anything: from then on every byte is swallowed.</summary>
    Silent,
}

/// <summary>Waits for the one statement that carries these texts, all of them in one message.</summary>
internal sealed class RequestTrap(IReadOnlyCollection<string> texts, Moment moment, Manner manner)
{
    private readonly byte[][] _markers = [.. texts.Select(Encoding.UTF8.GetBytes)];
    private readonly TaskCompletionSource _sprung = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _taken;

    public Moment Moment => moment;

    public Manner Manner => manner;

    /// <summary>Completes when the link has been broken.</summary>
    public Task Sprung => _sprung.Task;

    public bool IsCarriedBy(byte[] frame)
    {
        foreach (var marker in _markers)
        {
            if (frame.AsSpan().IndexOf(marker) < 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True for the first connection that asks: the same text sent again goes through.</summary>
    public bool Take() => Interlocked.Exchange(ref _taken, 1) == 0;

    public void Spring() => _sprung.TrySetResult();
}
