namespace AkkaScale.TestKit;

/// <summary>A spec does not hold; the message is for the reader of a test's output. Any test framework reports it as a failure.</summary>
public sealed class SpecFailedException : Exception
{
    public SpecFailedException(string message)
        : base(message)
    {
    }

    public SpecFailedException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
