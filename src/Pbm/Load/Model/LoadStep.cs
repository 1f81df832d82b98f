namespace AkkaScale.Pbm.Load.Model;

/// <summary>The command that one step of an action sends; its name is the last part of the idempotency key.</summary>
public enum LoadStep
{
    User,
    Project,
    Create,
    Comment,
    Move,
    Rename,
    Complete,
}
