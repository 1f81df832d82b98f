namespace AkkaScale.LegacySharding.Regions;

/// <summary>The peer heard the question and does not answer it; the message is the peer's.</summary>
public sealed class QuestionRefusedException(string message) : Exception(message);
