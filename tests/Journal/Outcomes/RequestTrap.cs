using System.Text;

namespace AkkaScale.Tests.Journal.Outcomes;

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

/// <summary>Waits for the one statement that carries a text.</summary>
internal sealed class RequestTrap(string text, Moment moment, Manner manner)
{
    private readonly TaskCompletionSource _sprung = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _taken;

    public Moment Moment => moment;

    public Manner Manner => manner;

    public byte[] Marker { get; } = Encoding.UTF8.GetBytes(text);

    /// <summary>Completes when the link has been broken.</summary>
    public Task Sprung => _sprung.Task;

    /// <summary>True for the first connection that asks: the same text sent again goes through.</summary>
    public bool Take() => Interlocked.Exchange(ref _taken, 1) == 0;

    public void Spring() => _sprung.TrySetResult();
}
